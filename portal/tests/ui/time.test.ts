import { expect, it } from 'vitest';
import { ago, clock, moment } from '../../src/ui';

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

it('what has been is told by its largest unit, in whole ones', () => {
  const now = Date.parse('2026-09-03T14:00:00Z');
  const told = (seconds: number) => ago(new Date(now - seconds * 1000).toISOString(), now);
  expect([0, 59, 60, 119, 120, 3_599, 3_600, 86_399, 86_400, 172_800].map(told)).toEqual([
    'now',
    'now',
    '1 minute ago',
    '1 minute ago',
    '2 minutes ago',
    '59 minutes ago',
    '1 hour ago',
    '23 hours ago',
    '1 day ago',
    '2 days ago',
  ]);
  expect([40, 400].map((days) => told(days * 86_400))).toEqual(['1 month ago', '1 year ago']);
});

it('what is ahead of this clock is now', () => {
  const now = Date.parse('2026-09-03T14:00:00Z');
  expect(ago('2026-09-03T15:00:00Z', now)).toBe('now');
});
