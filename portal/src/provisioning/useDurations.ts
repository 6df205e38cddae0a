import { useEffect, useState } from 'react';
import { useSource, type DataSource, type Durations } from '../data';

/** Past runs change slowly. */
const KEPT_MS = 60_000;
const kept = new WeakMap<DataSource, { at: number; durations: Promise<Durations | null> }>();

function load(source: DataSource): Promise<Durations | null> {
  const known = kept.get(source);
  if (known && Date.now() - known.at < KEPT_MS) return known.durations;
  // Without it everything else is shown all the same.
  const durations = source.durations().catch(() => null);
  kept.set(source, { at: Date.now(), durations });
  return durations;
}

/** How long steps took lately; null until it is known. */
export function useDurations(needed = true): Durations | null {
  const source = useSource();
  const [durations, setDurations] = useState<Durations | null>(null);
  useEffect(() => {
    if (!needed) return;
    let wanted = true;
    void load(source).then((found) => wanted && setDurations(found));
    return () => {
      wanted = false;
    };
  }, [source, needed]);
  return durations;
}
