import { en } from './en';

export type TextKey = keyof typeof en;

/** The names in braces of a text. */
type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Key extends TextKey> = { [Name in Names<(typeof en)[Key]>]: string | number };
type Arguments<Key extends TextKey> = [Names<(typeof en)[Key]>] extends [never] ? [] : [Values<Key>];

export type Texts = Record<TextKey, string>;

let current: { language: string; texts: Texts } = { language: 'en', texts: en };

/** Another language: call it before anything is drawn. What is missing stays English. */
export function setTexts(language: string, texts: Partial<Texts>): void {
  current = { language, texts: { ...en, ...texts } };
}

export function language(): string {
  return current.language;
}

/** The text of a key, with its names in braces filled in. */
export function t<Key extends TextKey>(key: Key, ...[values]: Arguments<Key>): string {
  return fill(current.texts[key], values);
}

type Counted = { [Key in TextKey]: Key extends `${infer Name}_other` ? Name : never }[TextKey];

/** The text for a number: `name_one` or `name_other`, as the language's plural rules say. */
export function n(name: Counted, count: number): string {
  const rule = new Intl.PluralRules(current.language).select(count);
  const texts: Record<string, string> = current.texts;
  return fill(texts[`${name}_${rule}`] ?? texts[`${name}_other`] ?? name, { n: count });
}

function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
