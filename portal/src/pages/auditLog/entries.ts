import { en } from '../../texts/en';
import { t, type TextKey } from '../../texts';

/** A deed in words; one that has none yet as its name says it. */
export function sayAction(action: string): string {
  const key = `audit.action.${action}`;
  if (key in en) return t(key as TextKey & `audit.action.${string}`);
  const plain = action.replaceAll(/[._]/g, ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

const PLACES: Record<string, (id: string) => string> = {
  activation_requests: (id) => `/provisionings/${id}`,
  provisionings: (id) => `/provisionings/${id}`,
  merchants: (id) => `/merchants/${id}`,
  stores: (id) => `/stores/${id}`,
  dead_letters: (id) => `/dead-letters?status=all&letter=${id}`,
  themes: () => '/themes',
  plans: () => '/plans',
};

/** Where what a deed was about is shown; null where it has no page. */
export function placeOfSubject(subject: string): string | null {
  const [collection = '', id = '', ...deeper] = subject.split('/');
  const place = PLACES[collection];
  if (place && id && deeper.length === 0) return place(encodeURIComponent(id));
  return collection === 'tenants' && id ? `/stores/${encodeURIComponent(id)}` : null;
}

/** `stores/a41f…` as `Store a41f…`: a long id by its beginning, which tells them apart. */
export function saySubject(subject: string): string {
  const [collection = '', ...rest] = subject.split('/');
  const key = `audit.subject.${collection}`;
  const kind = key in en ? t(key as TextKey & `audit.subject.${string}`) : collection.replaceAll('_', ' ');
  return [kind, rest.map(shorten).join('/')].filter(Boolean).join(' ');
}

/** The facts of an entry in one line, without what need not be said again where it stands. */
export function sayDetail(detail: Record<string, unknown>, known: readonly string[] = []): string {
  return Object.entries(detail)
    .filter(([name, value]) => value !== null && value !== '' && !known.includes(name))
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${sayValue(value)}`)
    .join(' · ');
}

/** A fact in words. Ids are long, and nobody reads them to their end. */
export function sayValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(sayValue).join(', ');
  if (typeof value === 'string') return shorten(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shorten(text: string): string {
  return text.replace(/[0-9a-f]{16,}/g, (id) => `${id.slice(0, 8)}…`);
}
