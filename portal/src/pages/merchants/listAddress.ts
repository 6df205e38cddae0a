import { MERCHANT_STATUSES, type MerchantQuery } from '../../data';
import { oneOf, type ListAddress } from '../lists/useListAddress';

export const SORTS = ['-requested_at', 'requested_at', 'name', '-name'] as const;
export type Sort = (typeof SORTS)[number];
const PAGE_SIZE = 25;

/** What the address asks for; nothing that the server would refuse. */
export function queryOf(address: Pick<ListAddress, 'get' | 'cursor'>): MerchantQuery & { sort: Sort } {
  return {
    status: oneOf(MERCHANT_STATUSES, address.get('status')),
    q: address.get('q'),
    sort: oneOf(SORTS, address.get('sort')) ?? SORTS[0],
    cursor: address.cursor,
    limit: PAGE_SIZE,
  };
}
