import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { Ago, moment } from '../../src/ui';

afterEach(() => void vi.restoreAllMocks());

it('tells the moment itself to whoever points at it', () => {
  const time = '2026-09-03T12:00:00Z';
  render(<Ago time={time} now={Date.parse('2026-09-03T14:00:00Z')} />);
  const shown = screen.getByText('2 hours ago');
  expect(shown.title).toBe('');
  fireEvent.pointerEnter(shown);
  expect(shown.title).toBe(moment(time));
});

it('makes no format of numbers or times for a list', () => {
  const formats = (['NumberFormat', 'DateTimeFormat', 'RelativeTimeFormat'] as const).map((name) => vi.spyOn(Intl, name));
  render(<Ago time="2026-09-03T12:00:00Z" />);
  expect(formats.map((format) => format.mock.calls.length)).toEqual([0, 0, 0]);
});
