import { asDataError } from '../errors';
import type { DataSource, OpenedSource } from '../source';
import type { Watch, Watcher } from '../watching';
import { whenIdle } from '../whenIdle';

/**
 * Firestore, whose client is large: a phone takes longer to read it than to draw a list. It is opened as soon as something needs it; else
 * once every list that was asked for has come and the browser has nothing else to do.
 */
export class Later {
  private opening: Promise<OpenedSource> | null = null;
  private opened: OpenedSource | null = null;
  private closed = false;
  /** Lists that have not come yet. */
  private readonly awaited = new Set<object>();
  /** Lists that come off the API alone. */
  private readonly handOvers = new Set<(source: DataSource) => void>();

  constructor(private readonly open: () => Promise<OpenedSource>) {}

  /** Now. Where that fails, who asks next tries again. */
  async source(): Promise<DataSource> {
    this.opening ??= this.open().then((opened) => this.take(opened));
    try {
      return (await this.opening).source;
    } catch (thrown) {
      this.opening = null;
      throw asDataError(thrown);
    }
  }

  /** What Firestore alone tells. */
  direct(watcher: Pick<Watcher<never>, 'onConnection' | 'onError'>, begin: (source: DataSource) => Watch): Watch {
    if (this.opened) return begin(this.opened.source);
    let watch: Watch | null = null;
    let stopped = false;
    watcher.onConnection('connecting');
    this.source().then(
      (source) => {
        if (!stopped) watch = begin(source);
      },
      (thrown: unknown) => stopped || watcher.onError(asDataError(thrown)),
    );
    return {
      refresh: () => watch?.refresh(),
      stop() {
        stopped = true;
        watch?.stop();
      },
    };
  }

  /** What comes off the API: at `first` by looking now and then, and once Firestore is there whenever that tells of a change. */
  composed<T>(watcher: Watcher<T>, first: (watcher: Watcher<T>) => Watch, then: (source: DataSource, watcher: Watcher<T>) => Watch): Watch {
    if (this.opened) return then(this.opened.source, watcher);
    let told = '';
    const handOver = (source: DataSource) => {
      watch.stop();
      // Whoever begins to listen looks once more; what has been told already need not be drawn again.
      watch = then(source, {
        ...watcher,
        onValue(value) {
          if (told === '' || told !== JSON.stringify(value)) watcher.onValue(value);
          told = '';
        },
      });
    };
    const end = () => {
      this.handOvers.delete(handOver);
      this.come(handOver);
    };
    this.awaited.add(handOver);
    this.handOvers.add(handOver);
    let watch = first({
      onValue: (value) => {
        told = JSON.stringify(value);
        watcher.onValue(value);
        this.come(handOver);
      },
      onConnection: watcher.onConnection,
      onError: (error) => {
        end();
        watcher.onError(error);
      },
    });
    return {
      refresh: () => watch.refresh(),
      stop() {
        end();
        watch.stop();
      },
    };
  }

  close(): void {
    this.closed = true;
    this.handOvers.clear();
    this.opened?.close();
  }

  private come(list: object): void {
    if (this.awaited.delete(list) && this.awaited.size === 0) void this.openWhenIdle();
  }

  private async openWhenIdle(): Promise<void> {
    await whenIdle();
    // What has been asked for meanwhile comes first; what nobody looks at any more needs nothing.
    if (this.closed || this.opening || this.awaited.size > 0 || this.handOvers.size === 0) return;
    // Without it the lists go on as they are.
    await this.source().catch(() => undefined);
  }

  private take(opened: OpenedSource): OpenedSource {
    if (this.closed) opened.close();
    else {
      this.opened = opened;
      void this.handOver(opened.source);
    }
    return opened;
  }

  /** One list at a time, so that nobody who types or scrolls is kept waiting by all of them. */
  private async handOver(source: DataSource): Promise<void> {
    for (const handOver of this.handOvers) {
      await whenIdle();
      if (this.handOvers.delete(handOver)) handOver(source);
    }
  }
}
