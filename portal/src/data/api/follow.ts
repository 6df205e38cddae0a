import { asDataError, DataError } from '../errors';
import type { Watch, Watcher } from '../watching';
import { EventParser } from './events';

/** What is followed, and how it can be had. */
export interface Followed<T> {
  /** Opens the stream of events. */
  open(lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  /** Asks once. */
  ask(signal: AbortSignal): Promise<T>;
  /** The value of an event, null for one that is none of ours. */
  read(event: string, data: string): T | null;
  /** Whether the stream's end is expected: nothing more will come of itself. */
  isOver(): boolean;
}

export interface Timing {
  /** Milliseconds between two looks where nothing is pushed. */
  interval: number;
  /** A stream that says nothing for so long is dead: the server's heart beats each 10 s. */
  silence: number;
  /** The pause before the first new attempt, doubled each time up to `longest`. */
  pause: number;
  longest: number;
  /** How often a stream may fail at once, before polling takes its place until it works again. */
  patience: number;
}

export const TIMING: Timing = { interval: 5_000, silence: 25_000, pause: 500, longest: 15_000, patience: 2 };

/**
 * Follows something by server-sent events, and by polling while these do not work.
 *
 * A stream that ends in time is opened again at once; after one that failed come pauses, and polling fills them. Waking from sleep,
 * coming back to the tab and getting a network are looked at at once.
 */
export function follow<T>(followed: Followed<T>, watcher: Watcher<T>, timing: Partial<Timing> = {}): Watch {
  const follower = new Follower(followed, watcher, { ...TIMING, ...timing });
  void follower.run();
  return follower;
}

class Follower<T> implements Watch {
  private readonly stopped = new AbortController();
  private current = new AbortController();
  private lastEventId: string | null = null;
  private failures = 0;
  private wake: () => void = () => undefined;

  constructor(
    private readonly followed: Followed<T>,
    private readonly watcher: Watcher<T>,
    private readonly timing: Timing,
  ) {
    const signal = this.stopped.signal;
    window.addEventListener('online', () => this.refresh(), { signal });
    window.addEventListener('offline', () => this.current.abort(), { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.wake(), { signal });
  }

  stop(): void {
    this.stopped.abort();
    this.current.abort();
    this.wake();
  }

  refresh(): void {
    this.failures = 0;
    this.current.abort();
    this.wake();
  }

  async run(): Promise<void> {
    this.tell('connecting');
    while (!this.ended) {
      const began = Date.now();
      const end = await this.stream();
      if (this.ended) return;
      // Whatever lets streams go at once must not be asked without a pause.
      if (end === 'again' && Date.now() - began < this.timing.pause) await this.sleep(this.timing.pause);
      if (end === 'over') await this.pollUntilItMoves();
      else if (end === 'failed') await this.recover();
    }
  }

  private get ended(): boolean {
    return this.stopped.signal.aborted;
  }

  /** Reads one stream to its end. */
  private async stream(): Promise<'again' | 'over' | 'failed'> {
    this.current = new AbortController();
    const { signal } = this.current;
    let heard = false;
    const watchdog = new Watchdog(this.timing.silence, () => this.current.abort());
    try {
      const response = await this.followed.open(this.lastEventId, signal);
      const parser = new EventParser();
      const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
      for (;;) {
        watchdog.feed();
        const { value, done } = await reader.read();
        if (done) break;
        if (signal.aborted) break;
        if (!heard) this.tell('live');
        heard = true;
        this.failures = 0;
        for (const { event, id, data } of parser.push(value)) this.receive(event, id, data);
      }
      if (this.followed.isOver()) return 'over';
      return heard ? 'again' : this.failed();
    } catch (thrown) {
      if (this.ended) return 'failed';
      const { status } = asDataError(thrown);
      if (status === 401 || status === 403) this.endIfFinal(thrown);
      return heard && !(thrown instanceof DataError) && navigator.onLine ? 'again' : this.failed();
    } finally {
      watchdog.stop();
      this.current.abort();
    }
  }

  private failed(): 'failed' {
    this.failures += 1;
    return 'failed';
  }

  private receive(event: string, id: string, data: string): void {
    const value = this.followed.read(event, data);
    if (id) this.lastEventId = id;
    if (value !== null && !this.ended) this.watcher.onValue(value);
  }

  /** Between two attempts to open a stream: a look by asking, once there is no hope for a quick success. */
  private async recover(): Promise<void> {
    if (this.failures >= this.timing.patience || !navigator.onLine) await this.poll('polling');
    else this.tell('connecting');
    if (this.ended) return;
    const pause = Math.min(this.timing.pause * 2 ** (this.failures - 1), this.timing.longest);
    await this.sleep(this.failures >= this.timing.patience ? Math.min(this.timing.interval, this.timing.longest) : pause);
  }

  /** After its end a run moves only when somebody asks for it: an unhurried look now and then finds out. */
  private async pollUntilItMoves(): Promise<void> {
    while (!this.ended && this.followed.isOver()) {
      await this.sleep(this.timing.interval);
      if (!this.ended) await this.poll('live');
    }
    // What has just been asked for is known; the stream begins with what comes after it.
  }

  private async poll(connection: 'polling' | 'live'): Promise<void> {
    const signal = AbortSignal.any([this.stopped.signal, AbortSignal.timeout(this.timing.silence)]);
    try {
      const value = await this.followed.ask(signal);
      if (this.ended) return;
      this.watcher.onValue(value);
      this.tell(connection);
    } catch (thrown) {
      if (this.ended) return;
      this.endIfFinal(thrown);
      if (!this.ended) this.tell('offline');
    }
  }

  private endIfFinal(thrown: unknown): void {
    const error = asDataError(thrown);
    if (error.passing) return;
    this.stopped.abort();
    this.watcher.onError(error);
  }

  private tell(connection: Parameters<Watcher<T>['onConnection']>[0]): void {
    if (!this.ended) this.watcher.onConnection(connection);
  }

  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Barks when it was not fed for too long. Looks at the clock, so it notices at once that the machine was asleep. */
class Watchdog {
  private fed = Date.now();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(patience: number, bark: () => void) {
    this.timer = setInterval(() => Date.now() - this.fed > patience && bark(), Math.min(1_000, patience / 2));
  }

  feed(): void {
    this.fed = Date.now();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Follows something by asking again and again, while somebody looks. */
export function poll<T>(ask: (signal: AbortSignal) => Promise<T>, watcher: Watcher<T>, interval = TIMING.interval): Watch {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: AbortController | null = null;
  let again = false;

  async function look(): Promise<void> {
    clearTimeout(timer);
    // An answer under way still counts; but it may be older than what one is to look for now.
    if (current) {
      again = true;
      return;
    }
    current = new AbortController();
    again = false;
    await askOnce(AbortSignal.any([stopped.signal, current.signal, AbortSignal.timeout(TIMING.silence)]));
    current = null;
    if (stopped.signal.aborted) return;
    if (again) return look();
    timer = setTimeout(() => void (document.hidden || look()), interval);
  }

  async function askOnce(signal: AbortSignal): Promise<void> {
    try {
      const value = await ask(signal);
      if (stopped.signal.aborted) return;
      watcher.onValue(value);
      watcher.onConnection('polling');
    } catch (thrown) {
      if (stopped.signal.aborted) return;
      const error = asDataError(thrown);
      if (error.passing) return watcher.onConnection('offline');
      stop();
      watcher.onError(error);
    }
  }

  function stop(): void {
    stopped.abort();
    clearTimeout(timer);
  }

  const refresh = () => void (stopped.signal.aborted || look());
  document.addEventListener('visibilitychange', () => document.hidden || refresh(), { signal: stopped.signal });
  window.addEventListener(
    'online',
    () => {
      // Whatever was asked of the network that was there before gets no answer.
      current?.abort();
      refresh();
    },
    { signal: stopped.signal },
  );
  refresh();
  return { refresh, stop };
}
