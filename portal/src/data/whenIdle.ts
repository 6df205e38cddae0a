/** However busy the browser is. */
const LATEST_MS = 3_000;
/** Safari has no idle callbacks: a moment in which what has come is drawn. */
const DRAWN_MS = 200;

/** Once the browser has nothing else to do: for what nobody waits for. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
    else setTimeout(resolve, DRAWN_MS);
  });
}

/** Between two pieces of work: the browser answers who types or scrolls before the second. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
