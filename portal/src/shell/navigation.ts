import type { TextKey } from '../texts';
import type { IconName } from '../ui';

interface NavigationItem {
  to: string;
  text: TextKey & `nav.${string}`;
  icon: IconName;
}

/** What the navigation leads to, in its order. */
export const NAVIGATION: readonly NavigationItem[] = [{ to: '/merchants', text: 'nav.merchants', icon: 'store' }];
