import { en } from './en';

export type TextKey = keyof typeof en;

/** The names in braces of a text. */
type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<Key extends TextKey> = { [Name in Names<(typeof en)[Key]>]: string | number };
type Arguments<Key extends TextKey> = [Names<(typeof en)[Key]>] extends [never] ? [] : [Values<Key>];

export type Texts = Record<TextKey, string>;

let current = { language: 'en', texts: en as Texts, rules: new Intl.PluralRules('en') };

/** Another language: call it before anything is drawn. What is missing stays English. */
export function setTexts(language: string, texts: Partial<Texts>): void {
  current = { language, texts: { ...en, ...texts }, rules: new Intl.PluralRules(language) };
}

export function language(): string {
  return current.language;
}

/** The text of a key, with its names in braces filled in. */
export function t<Key extends TextKey>(key: Key, ...[values]: Arguments<Key>): string {
  return fill(current.texts[key], values);
}

type Counted = { [Key in TextKey]: Key extends `${infer Name}_other` ? Name : never }[TextKey];

type Others<Name extends Counted> = Exclude<Names<(typeof en)[`${Name}_other`]>, 'n'>;
type OtherArguments<Name extends Counted> = [Others<Name>] extends [never] ? [] : [{ [Other in Others<Name>]: string | number }];

/** The text for a number, its `{n}`: `name_one` or `name_other`, as the language's plural rules say. */
export function n<Name extends Counted>(name: Name, count: number, ...[values]: OtherArguments<Name>): string {
  const rule = current.rules.select(count);
  const texts: Record<string, string> = current.texts;
  return fill(texts[`${name}_${rule}`] ?? texts[`${name}_other`] ?? name, { ...values, n: count });
}

function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
