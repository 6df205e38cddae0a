import type { ActivationRequest, Category, Plan, SavedChoices, Theme } from '../data';

/** What the form begins with. */
export interface Beginning {
  storeId: string;
  storeName: string;
  ownerEmail?: string;
  category?: Category | null;
  choices?: SavedChoices;
  initial?: Partial<ActivationRequest>;
}

export function beginWith({ storeId, storeName, ownerEmail, category, choices, initial }: Beginning): ActivationRequest {
  return {
    store_id: storeId,
    store_name: initial?.store_name || storeName,
    owner_email: initial?.owner_email || ownerEmail || '',
    theme: initial?.theme || choices?.theme || '',
    plan: initial?.plan || choices?.plan || '',
    subdomain: initial?.subdomain || choices?.subdomain || suggestLabel(storeName),
    custom_domain: initial?.custom_domain ?? null,
    category: initial?.category ?? choices?.category ?? category ?? 'general',
    integrations: { stripe: false, paypal: false, meta_ads: false, analytics: false, ...initial?.integrations },
    launch: initial?.launch ?? 'after_onboarding',
  };
}

/** A name as a label of an address: `Juniper & Thread` is `juniper-thread`. */
export function suggestLabel(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

/** What can be chosen, and what has been chosen though it cannot be chosen any more. */
export function offered<T extends Theme | Plan>(entries: readonly T[], chosen: string): T[] {
  return entries.filter((entry) => entry.active !== false || entry.slug === chosen);
}

export type Part = 'theme' | 'plan' | 'store' | 'content' | 'summary';
export const PARTS: readonly Part[] = ['theme', 'plan', 'store', 'content', 'summary'];

const FIELDS: Record<Part, readonly string[]> = {
  theme: ['theme'],
  plan: ['plan'],
  store: ['store_name', 'owner_email', 'subdomain', 'custom_domain'],
  content: ['category', 'integrations', 'launch'],
  summary: ['store_id'],
};

/** The first part in which something is wrong. */
export function partWith(errors: Partial<Record<string, string>>): Part | null {
  return PARTS.find((part) => FIELDS[part].some((field) => errors[field])) ?? null;
}

export function wrongIn(part: Part, errors: Partial<Record<string, string>>): boolean {
  return FIELDS[part].some((field) => errors[field]);
}
