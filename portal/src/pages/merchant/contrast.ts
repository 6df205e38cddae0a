import type { Setting } from '../../data';

/** How far two colours stand apart, as WCAG 2.2 counts it: from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(color: string): number {
  const part = (index: number) => {
    const share = Number.parseInt(color.slice(1 + index * 2, 3 + index * 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
}

export const COLOR = /^#[0-9a-f]{6}$/;

export interface TooClose {
  against: string;
  ratio: number;
  wanted: number;
}

/** The colours from which this one does not stand out as far as its theme wants. */
export function tooClose(setting: Setting, color: unknown, values: Record<string, unknown>): TooClose[] {
  if (typeof color !== 'string' || !COLOR.test(color)) return [];
  return (setting.contrast ?? []).flatMap(({ against, ratio: wanted = 4.5 }) => {
    const other = values[against];
    if (typeof other !== 'string' || !COLOR.test(other)) return [];
    const ratio = contrast(color, other);
    return ratio < wanted ? [{ against, ratio, wanted }] : [];
  });
}
