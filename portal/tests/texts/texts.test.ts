import { afterEach, describe, expect, it } from 'vitest';
import { n, setTexts } from '../../src/texts';
import { en } from '../../src/texts/en';

afterEach(() => setTexts('en', {}));

describe('a text for a number', () => {
  it('is that of one, or of several', () => {
    expect([0, 1, 2].map((count) => n('releases.pages', count))).toEqual(['0 pages', '1 page', '2 pages']);
  });

  it('holds more than the number', () => {
    expect(n('releases.files', 1, { bytes: '3 kB' })).toBe('1 file, 3 kB');
    expect(n('releases.files', 12, { bytes: '3 kB' })).toBe('12 files, 3 kB');
  });

  it('follows the language’s own rules', () => {
    setTexts('fr', { 'releases.pages_one': '{n} page', 'releases.pages_other': '{n} pages' });
    expect(n('releases.pages', 0)).toBe('0 page');
  });

  it('has both forms, with the same names', () => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== 'n').sort();
    const texts: Record<string, string> = en;
    const counted = Object.keys(texts).filter((key) => key.endsWith('_other'));
    expect(counted.length).toBeGreaterThan(10);
    for (const key of counted) {
      const one = texts[key.replace(/_other$/, '_one')];
      expect(one, key).toBeDefined();
      expect(names(one ?? ''), key).toEqual(names(texts[key] ?? ''));
    }
  });
});
