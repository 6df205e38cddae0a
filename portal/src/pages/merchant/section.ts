import type { StoreView } from '../../data';

/** What each section of a merchant's page is given. */
export interface SectionProps {
  store: StoreView;
  /** Look at the store again: something of it was changed. */
  refresh(): void;
}
