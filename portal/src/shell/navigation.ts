import type { TextKey } from '../texts';
import type { IconName } from '../ui';

interface NavigationItem {
  to: string;
  text: TextKey & `nav.${string}`;
  icon: IconName;
  /** For administrators alone, or where a step can be made to fail. */
  only?: 'admins' | 'trials';
}

/** What the navigation leads to, in its order: what happens, what is offered, who may do what. */
const ITEMS: readonly NavigationItem[] = [
  { to: '/overview', text: 'nav.overview', icon: 'chart' },
  { to: '/merchants', text: 'nav.merchants', icon: 'users' },
  { to: '/stores', text: 'nav.stores', icon: 'store' },
  { to: '/provisionings', text: 'nav.provisionings', icon: 'refresh' },
  { to: '/dead-letters', text: 'nav.letters', icon: 'mail' },
  { to: '/themes', text: 'nav.themes', icon: 'palette' },
  { to: '/plans', text: 'nav.plans', icon: 'tag' },
  { to: '/users', text: 'nav.users', icon: 'user', only: 'admins' },
  { to: '/audit-log', text: 'nav.audit', icon: 'list' },
  { to: '/trials', text: 'nav.trials', icon: 'flask', only: 'trials' },
];

/** The items for who may act, and for a runtime on which steps can be broken. */
export function navigation(canAct: boolean, faults: boolean): readonly NavigationItem[] {
  return ITEMS.filter(({ only }) => only === undefined || (only === 'admins' ? canAct : faults));
}
