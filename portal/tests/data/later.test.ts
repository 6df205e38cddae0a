import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError, type Watcher } from '../../src/data';
import { Later } from '../../src/data/firestore/later';
import type { OpenedSource } from '../../src/data/source';
import { FakeSource } from '../fakes';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const soon = () => vi.advanceTimersByTimeAsync(5_000);
const database = (): OpenedSource => ({ source: new FakeSource(), close: vi.fn() });

/** A database that opens when the test says so, and what is asked of it. */
function late(open: () => Promise<OpenedSource> = () => Promise.resolve(database())) {
  const opening = vi.fn(open);
  return { later: new Later(opening), opening };
}

/** A list; what each of its sources is told to watch with, and what arrives of it. */
function list(later: Later) {
  const values: string[] = [];
  const errors: DataError[] = [];
  const stopped: string[] = [];
  const sources: Record<string, Watcher<string>> = {};
  const begin = (name: string) => (watcher: Watcher<string>) => {
    sources[name] = watcher;
    return { refresh: () => undefined, stop: () => void stopped.push(name) };
  };
  const watcher = { onValue: (value: string) => void values.push(value), onConnection: () => undefined, onError: (error: DataError) => void errors.push(error) };
  const watch = later.composed(watcher, begin('api'), (_, rest) => begin('database')(rest));
  return { watch, values, errors, stopped, sources };
}

describe('a list', () => {
  it('is there before the database is asked for, and then follows it', async () => {
    const { later, opening } = late();
    const { values, sources, stopped } = list(later);
    await soon();
    expect(opening).not.toHaveBeenCalled();
    sources.api?.onValue('first');
    expect(values).toEqual(['first']);
    expect(opening).not.toHaveBeenCalled();
    await soon();
    expect(opening).toHaveBeenCalledTimes(1);
    expect(stopped).toEqual(['api']);
    sources.database?.onValue('second');
    expect(values).toEqual(['first', 'second']);
  });

  it('is not drawn anew where nothing has changed until the database was there, and each time that it has since', async () => {
    const { later } = late();
    const { values, sources } = list(later);
    sources.api?.onValue('as it was');
    await soon();
    sources.database?.onValue('as it was');
    expect(values).toEqual(['as it was']);
    sources.database?.onValue('changed');
    sources.database?.onValue('as it was');
    expect(values).toEqual(['as it was', 'changed', 'as it was']);
  });

  it('waits for the other lists of its page, however they come', async () => {
    const { later, opening } = late();
    const [one, other] = [list(later), list(later)];
    one.sources.api?.onValue('here');
    await soon();
    expect(opening).not.toHaveBeenCalled();
    other.sources.api?.onError(new DataError(403, 'NOT_ADMIN', 'not you'));
    await soon();
    expect(opening).toHaveBeenCalledTimes(1);
    expect(other.errors).toHaveLength(1);
    // It has ended, and begins nowhere else.
    expect(Object.keys(other.sources)).toEqual(['api']);
  });

  it('that nobody looks at any more needs no database', async () => {
    const { later, opening } = late();
    const { watch, sources, stopped } = list(later);
    sources.api?.onValue('here');
    watch.stop();
    await soon();
    expect(opening).not.toHaveBeenCalled();
    expect(stopped).toEqual(['api']);
  });

  it('that is left while the database opens does not begin there', async () => {
    let open: (opened: OpenedSource) => void = () => undefined;
    const { later } = late(() => new Promise((resolve) => (open = resolve)));
    const { watch, sources } = list(later);
    sources.api?.onValue('here');
    await soon();
    watch.stop();
    open(database());
    await soon();
    expect(Object.keys(sources)).toEqual(['api']);
  });

  it('goes on without a database that cannot be opened, for which the next one asks again', async () => {
    const { later, opening } = late(() => Promise.reject(new Error('no such database')));
    const { values, errors, sources, stopped } = list(later);
    sources.api?.onValue('first');
    await soon();
    sources.api?.onValue('second');
    expect([values, errors, stopped]).toEqual([['first', 'second'], [], []]);
    list(later).sources.api?.onValue('another');
    await soon();
    expect(opening).toHaveBeenCalledTimes(2);
  });

  it('begins with the database where that is open', async () => {
    const { later } = late();
    await later.source();
    expect(Object.keys(list(later).sources)).toEqual(['database']);
  });
});

describe('what the database alone tells', () => {
  const watcher = () => ({ onConnection: vi.fn(), onError: vi.fn<(error: DataError) => void>() });

  it('waits for nothing but the database', async () => {
    const { later } = late();
    const begin = vi.fn(() => ({ refresh: vi.fn(), stop: vi.fn() }));
    const told = watcher();
    const watch = later.direct(told, begin);
    expect(told.onConnection).toHaveBeenCalledWith('connecting');
    await vi.advanceTimersByTimeAsync(0);
    expect(begin).toHaveBeenCalledTimes(1);
    watch.stop();
    expect(begin.mock.results[0]?.value.stop).toHaveBeenCalledTimes(1);
  });

  it('is not begun for who has left', async () => {
    const { later } = late();
    const begin = vi.fn(() => ({ refresh: vi.fn(), stop: vi.fn() }));
    later.direct(watcher(), begin).stop();
    await soon();
    expect(begin).not.toHaveBeenCalled();
  });

  it('says why it does not come, and comes to who asks again', async () => {
    const answers = [() => Promise.reject(new Error('no such database')), () => Promise.resolve(database())];
    const { later } = late(() => answers.shift()?.() ?? Promise.reject(new Error('asked too often')));
    const told = watcher();
    later.direct(told, vi.fn());
    await soon();
    expect(told.onError.mock.calls[0]?.[0]).toMatchObject({ message: 'no such database', passing: true });
    await expect(later.source()).resolves.toBeInstanceOf(FakeSource);
  });
});

describe('a database that is let go of', () => {
  it('is closed, also where it opens only then', async () => {
    const [opened, opening] = [database(), database()];
    const one = late(() => Promise.resolve(opened)).later;
    await one.source();
    one.close();
    expect(opened.close).toHaveBeenCalledTimes(1);

    const other = late(() => Promise.resolve(opening)).later;
    const { sources } = list(other);
    const asked = other.source();
    other.close();
    await asked;
    await soon();
    expect(opening.close).toHaveBeenCalledTimes(1);
    expect(Object.keys(sources)).toEqual(['api']);
  });

  it('is not opened for lists that come after', async () => {
    const { later, opening } = late();
    const { sources } = list(later);
    sources.api?.onValue('here');
    later.close();
    await soon();
    expect(opening).not.toHaveBeenCalled();
  });
});
