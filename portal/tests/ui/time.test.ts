import { expect, it } from 'vitest';
import { clock, moment } from '../../src/ui';

it('a day begins at midnight, not at twenty-four', () => {
  const midnight = new Date(2026, 8, 3, 0, 5, 9).toISOString();
  expect(clock(midnight)).toBe('00:05:09');
  expect(moment(midnight)).toMatch(/ 00:05$/);
});

it('an afternoon is told without half days', () => {
  const afternoon = new Date(2026, 8, 3, 14, 3, 9).toISOString();
  expect(clock(afternoon)).toBe('14:03:09');
  expect(moment(afternoon)).toMatch(/ 14:03$/);
});
