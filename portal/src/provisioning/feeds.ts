import { newest, type Connection, type DataError, type DataSource, type Provisioning, type ProvisioningTarget, type Watch } from '../data';
import { clockAhead } from './state';

export interface FeedState {
  /** null: there is none; undefined: not known yet. */
  provisioning: Provisioning | null | undefined;
  connection: Connection;
  /** When it was heard of last, by this machine's clock. */
  heardAt: number | null;
  /** Why nothing will come until somebody asks again. */
  error: DataError | null;
  /** Milliseconds by which this machine's clock is ahead of the server's. */
  ahead: number | null;
}

const NOTHING: FeedState = { provisioning: undefined, connection: 'connecting', heardAt: null, error: null, ahead: null };

export interface FeedOptions {
  autoRefresh: boolean;
  refreshInterval: number;
}

/** What arrives of one provisioning, for all who look at it: they share one connection, and it ends with the last of them. */
export class Feed {
  private state = NOTHING;
  private watch: Watch | null = null;
  private readonly listeners = new Set<() => void>();
  private used = false;

  constructor(
    private readonly source: DataSource,
    private readonly target: ProvisioningTarget,
    private readonly options: FeedOptions,
  ) {}

  readonly get = (): FeedState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.used = true;
    if (this.listeners.size === 1) this.begin();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.end();
    };
  };

  /** Whether all who looked at it have gone. */
  get left(): boolean {
    return this.used && this.listeners.size === 0;
  }

  readonly refresh = (): void => {
    if (this.watch) this.watch.refresh();
    else if (this.listeners.size > 0) this.begin();
  };

  private begin(): void {
    const run = { ended: false };
    let watch: Watch | null = null;
    this.watch = {
      refresh: () => watch?.refresh(),
      stop: () => {
        run.ended = true;
        watch?.stop();
      },
    };
    if (this.state.error) this.set({ error: null, connection: 'connecting' });
    watch = this.source.watchProvisioning(
      this.target,
      {
        onValue: (arrived) => {
          if (run.ended) return;
          this.arrive(arrived);
          if (!this.options.autoRefresh) this.end();
        },
        onConnection: (connection) => run.ended || this.set({ connection }),
        onError: (error) => {
          if (run.ended) return;
          // Who asks again begins anew.
          this.end();
          this.set({ error, connection: 'offline' });
        },
      },
      { interval: this.options.refreshInterval },
    );
    // It may have ended before it was had.
    if (run.ended) watch.stop();
  }

  private end(): void {
    this.watch?.stop();
    this.watch = null;
  }

  private arrive(arrived: Provisioning | null): void {
    const now = Date.now();
    const { provisioning: shown, connection, ahead } = this.state;
    const chosen = newest(shown ?? null, arrived);
    const isNews = chosen !== null && shown !== undefined && chosen.updated_at !== shown?.updated_at;
    this.set({
      provisioning: chosen,
      heardAt: now,
      error: null,
      ahead: chosen ? clockAhead(ahead, now, Date.parse(chosen.updated_at), isNews && connection === 'live') : ahead,
    });
  }

  private set(change: Partial<FeedState>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }
}

const feeds = new WeakMap<DataSource, Map<string, Feed>>();

/** Who comes back to one of these sees at once how it stood. */
const REMEMBERED = 50;

/** The one feed of this target at this source. */
export function feedOf(source: DataSource, target: ProvisioningTarget, options: FeedOptions): Feed {
  const known = feeds.get(source) ?? new Map<string, Feed>();
  feeds.set(source, known);
  const key = JSON.stringify([target, options]);
  const feed = known.get(key) ?? new Feed(source, target, options);
  // The one asked for last stands last.
  known.delete(key);
  known.set(key, feed);
  forget(known);
  return feed;
}

/** Lets go of what nobody looks at any more, the longest first. */
function forget(known: Map<string, Feed>): void {
  for (const [key, feed] of known) {
    if (known.size <= REMEMBERED) return;
    if (feed.left) known.delete(key);
  }
}
