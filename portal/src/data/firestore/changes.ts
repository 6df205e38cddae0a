import { onSnapshot, type DocumentReference, type Query } from 'firebase/firestore';
import type { Watch } from '../watching';

/** What changes within this time is looked at once. */
const TOGETHER_MS = 250;

/** What the API composes of several documents is asked for anew whenever one of these changes. */
export function withChanges(watch: Watch, followed: readonly (DocumentReference | Query)[]): Watch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    watch.refresh();
  };
  // What goes on changing is looked at all the same: a change that follows waits for no longer than the first.
  const changed = () => {
    timer ??= setTimeout(look, TOGETHER_MS);
  };
  const ends = followed.map((each) => {
    const tell = later(changed);
    // Nothing is lost by a listener that is refused: one looks now and then all the same.
    const refused = () => undefined;
    return each.type === 'document' ? onSnapshot(each, tell, refused) : onSnapshot(each, tell, refused);
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

/**
 * Calls for each change, and once Firestore has told how things stand when one begins to listen: what changed between the first look and
 * that moment is told by nothing else.
 */
function later(changed: () => void): (found: { metadata: { fromCache: boolean } }) => void {
  let begun = false;
  return (found) => {
    begun ||= !found.metadata.fromCache;
    if (begun) changed();
  };
}
