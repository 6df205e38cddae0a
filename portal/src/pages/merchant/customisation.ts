import type { Customisation, FieldError, Section, StoreTheme } from '../../data';

/** What a store has of its own is only what differs from its theme: all here keeps it so. */
export const NOTHING: Customisation = { preset: null, settings: {}, sections: {}, orders: {} };

/** What is being worked on: the draft, else what is published. */
export function chosenOf(theme: StoreTheme): Customisation {
  return { ...NOTHING, ...(theme.draft ?? theme.published) };
}

/** The global values without anything of the store's own but the preset. */
export function baseOf(theme: StoreTheme, chosen: Customisation): Record<string, unknown> {
  return theme.preset_values[chosen.preset ?? theme.preset] ?? theme.preset_values[theme.preset] ?? {};
}

export function valuesOf(theme: StoreTheme, chosen: Customisation): Record<string, unknown> {
  return { ...baseOf(theme, chosen), ...chosen.settings };
}

export function sectionValuesOf(section: Section, place: string, chosen: Customisation): Record<string, unknown> {
  return { ...section.defaults, ...chosen.sections[place] };
}

/** With the theme's own preset nothing is chosen; values that are the new preset's are not the store's own any more. */
export function choosePreset(theme: StoreTheme, chosen: Customisation, preset: string): Customisation {
  const after = { ...chosen, preset: preset === theme.preset ? null : preset };
  const base = baseOf(theme, after);
  return { ...after, settings: Object.fromEntries(Object.entries(chosen.settings).filter(([id, value]) => !same(value, base[id]))) };
}

/** `undefined` gives the value back to the theme. */
export function setValue(theme: StoreTheme, chosen: Customisation, id: string, value: unknown): Customisation {
  return { ...chosen, settings: put(chosen.settings, id, value, baseOf(theme, chosen)[id]) };
}

export function setSectionValue(section: Section, chosen: Customisation, place: string, id: string, value: unknown): Customisation {
  const values = put(chosen.sections[place] ?? {}, id, value, section.defaults[id]);
  const others = without(chosen.sections, place);
  return { ...chosen, sections: Object.keys(values).length === 0 ? others : { ...others, [place]: values } };
}

function put(values: Record<string, unknown>, id: string, value: unknown, base: unknown): Record<string, unknown> {
  return value === undefined || same(value, base) ? without(values, id) : { ...values, [id]: value };
}

function without<T>(values: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([one]) => one !== name));
}

/** Whether two values say the same, in whichever order. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(x);
  return names.length === Object.keys(y).length && names.every((name) => name in y && same(x[name], y[name]));
}

/** How many values the store has of its own. */
export function countOwn(chosen: Customisation): number {
  const sections = Object.values(chosen.sections).reduce((sum, values) => sum + Object.keys(values).length, 0);
  return Object.keys(chosen.settings).length + sections + Object.keys(chosen.orders).length + (chosen.preset ? 1 : 0);
}

/** The server's words by field, as `settings.color_text` or `sections.index/hero.heading`. */
export function errorsByField(fields: readonly FieldError[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ field, message }) => [field, message.charAt(0).toUpperCase() + message.slice(1)]));
}

export interface PagePart {
  place: string;
  section: Section;
  blocks: { place: string; section: Section }[];
}

/** The places of a theme by page, each section with its blocks. What has nothing to set is left out. */
export function pagesOf(sections: Record<string, Section>): { page: string; parts: PagePart[] }[] {
  const pages = new Map<string, PagePart[]>();
  const byPlace = new Map<string, PagePart>();
  for (const [place, section] of Object.entries(sections)) {
    const [page = '', id, block] = place.split('/');
    if (block === undefined) {
      const part: PagePart = { place, section, blocks: [] };
      byPlace.set(place, part);
      pages.set(page, [...(pages.get(page) ?? []), part]);
    } else byPlace.get(`${page}/${id}`)?.blocks.push({ place, section });
  }
  const settable = (section: Section) => section.settings.some((setting) => setting.id !== undefined && !setting.hidden);
  return [...pages]
    .map(([page, parts]) => ({
      page,
      parts: parts
        .map((part) => ({ ...part, blocks: part.blocks.filter((block) => settable(block.section)) }))
        .filter((part) => settable(part.section) || part.blocks.length > 0),
    }))
    .filter(({ parts }) => parts.length > 0);
}
