import { MERCHANT_STATUSES, type MerchantQuery, type MerchantStatus } from '../../data';

/** What is looked for, as the address says it: so that a reload, a bookmark and a colleague see the same. */
export interface ListAddress {
  status?: MerchantStatus;
  q?: string;
  sort: Sort;
  /** The cursors of the pages before this one, the last of which leads here. */
  trail: readonly string[];
}

export const SORTS = ['-requested_at', 'requested_at', 'name', '-name'] as const;
export type Sort = (typeof SORTS)[number];
export const PAGE_SIZE = 25;

export function readAddress(parameters: URLSearchParams): ListAddress {
  return {
    status: MERCHANT_STATUSES.find((one) => one === parameters.get('status')?.toUpperCase()),
    q: parameters.get('q')?.trim() || undefined,
    sort: SORTS.find((one) => one === parameters.get('sort')) ?? SORTS[0],
    trail: parameters.getAll('after').filter(Boolean),
  };
}

export function writeAddress({ status, q, sort, trail }: ListAddress): URLSearchParams {
  const parameters = new URLSearchParams();
  if (status) parameters.set('status', status.toLowerCase());
  if (q) parameters.set('q', q);
  if (sort !== SORTS[0]) parameters.set('sort', sort);
  for (const cursor of trail) parameters.append('after', cursor);
  return parameters;
}

/** Whoever looks for something else begins at the first page. */
export function change(address: ListAddress, wanted: Partial<Omit<ListAddress, 'trail'>>): ListAddress {
  return { ...address, ...wanted, trail: [] };
}

export function nextPage(address: ListAddress, cursor: string): ListAddress {
  return { ...address, trail: [...address.trail, cursor] };
}

export function previousPage(address: ListAddress): ListAddress {
  return { ...address, trail: address.trail.slice(0, -1) };
}

export function queryOf({ status, q, sort, trail }: ListAddress): MerchantQuery {
  return { status, q, sort, cursor: trail.at(-1), limit: PAGE_SIZE };
}
