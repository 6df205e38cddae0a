import { language, n, t } from '../texts';

/** `< 0.1 s`, `0.4 s`, `12 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 0.05) return '< 0.1 s';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  if (seconds < 3570) return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** One format for each language: to make one takes longer than to write a whole list with it. */
function kept<Format>(make: (language: string) => Format): () => Format {
  const made = new Map<string, Format>();
  return () => {
    const known = made.get(language()) ?? make(language());
    made.set(language(), known);
    return known;
  };
}

const clocks = kept((of) => new Intl.DateTimeFormat(of, { timeStyle: 'medium', hourCycle: 'h23' }));
const moments = kept((of) => new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }));

/** `14:03:09`, as on the clock of whoever looks. */
export function clock(time: string): string {
  return clocks().format(new Date(time));
}

/** `3 Sep 2026, 14:03`. */
export function moment(time: string): string {
  return moments().format(new Date(time));
}

const STEPS = [
  ['time.years', 31_536_000],
  ['time.months', 2_592_000],
  ['time.days', 86_400],
  ['time.hours', 3_600],
  ['time.minutes', 60],
] as const;

/**
 * `3 days ago`, `now`; also for what a clock that is behind takes for the future.
 *
 * By our own texts: the first of `Intl`'s formats for numbers or times takes a phone longer than all else of a list.
 */
export function ago(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  for (const [unit, length] of STEPS) if (seconds >= length) return n(unit, Math.floor(seconds / length));
  return t('time.now');
}
