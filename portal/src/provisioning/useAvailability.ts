import { useEffect, useState } from 'react';
import { useSource, type HostAvailability } from '../data';

/** While one types, each letter would be a question. */
const PAUSE_MS = 300;

export type Availability =
  | { state: 'unasked' }
  | { state: 'asking' }
  | { state: 'unknown' }
  | { state: 'known'; answer: HostAvailability };

/** Whether a store may have this address, asked as it is typed. `asks` is false for a label that breaks the rules anyway. */
export function useAvailability(label: string, asks: boolean): Availability {
  const source = useSource();
  const [found, setFound] = useState<{ label: string; answer: HostAvailability | null } | null>(null);
  useEffect(() => {
    if (!asks) return;
    const ending = new AbortController();
    const timer = setTimeout(() => {
      source.availability(label, ending.signal).then(
        (answer) => ending.signal.aborted || setFound({ label, answer }),
        () => ending.signal.aborted || setFound({ label, answer: null }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [source, label, asks]);
  if (!asks) return { state: 'unasked' };
  if (found?.label !== label) return { state: 'asking' };
  return found.answer === null ? { state: 'unknown' } : { state: 'known', answer: found.answer };
}
