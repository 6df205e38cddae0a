import { onSnapshot, type Query } from 'firebase/firestore';
import type { Watch } from '../watching';

/** What changes within this time is looked at once. */
const TOGETHER_MS = 250;

/** What the API composes of several documents is asked for anew whenever one of these lists changes. */
export function withChanges(watch: Watch, lists: readonly Query[]): Watch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(watch.refresh, TOGETHER_MS);
  };
  const ends = lists.map((list) => {
    // What is there already when one begins to listen has just been asked for.
    let begun = false;
    return onSnapshot(
      list,
      (found) => {
        if (begun) changed();
        begun ||= !found.metadata.fromCache;
      },
      () => undefined,
    );
  });
  return {
    refresh: watch.refresh,
    stop() {
      clearTimeout(timer);
      ends.forEach((end) => end());
      watch.stop();
    },
  };
}
