import { t, type TextKey } from '../../texts';
import { en } from '../../texts/en';

/** A step as its own page names it; one that is new there as its name says it. */
export function sayStep(name: string): string {
  const key = `stepTitle.${name}`;
  if (key in en) return t(key as TextKey & `stepTitle.${string}`);
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
