/** The parts of a merchant's page, in their order; the first is shown where the address names none. */
export const SECTIONS = ['store', 'releases', 'theme', 'pictures', 'plan', 'history', 'audit'] as const;
export type SectionName = (typeof SECTIONS)[number];

export function readSection(text: string | undefined): SectionName | null {
  if (text === undefined) return 'store';
  return SECTIONS.find((one) => one === text) ?? null;
}

/** Where a part of a merchant's page is; `storeId` only where the merchant has several. */
export function placeOf(merchantId: string, section: SectionName, storeId: string | null): string {
  const path = `/merchants/${encodeURIComponent(merchantId)}${section === 'store' ? '' : `/${section}`}`;
  return storeId === null ? path : `${path}?${new URLSearchParams({ store: storeId }).toString()}`;
}
