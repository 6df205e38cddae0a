import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiSource } from '../../src/data/api/source';
import type { Connection, DataError, MerchantCounts, Watch } from '../../src/data';

/** Answers after a second with how often it was asked, or with what the test says. */
let answer: (asked: number) => Response;
let asked: number;
let values: number[];
let connections: Connection[];
let refusal: DataError | null;
let watch: Watch;

const slowly = (async () => {
  const mine = ++asked;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return answer(mine);
}) as typeof fetch;

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  answer = (all) => Response.json({ all });
  values = [];
  connections = [];
  refusal = null;
  const source = new ApiSource('/api', { token: () => Promise.resolve('token'), refused: () => undefined }, {}, slowly);
  watch = source.watchMerchantCounts(
    {
      onValue: (value: MerchantCounts) => values.push(value.all),
      onConnection: (connection) => connections.push(connection),
      onError: (error) => (refusal = error),
    },
    { interval: 5_000 },
  );
});

afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

describe('a list that is asked for again and again', () => {
  it('arrives also where one is to look anew faster than it is answered', async () => {
    for (let turn = 0; turn < 20; turn++) {
      watch.refresh();
      await pass(250);
    }
    expect(values.length).toBeGreaterThanOrEqual(4);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it('is looked at once more after an answer that was under way when something changed', async () => {
    await pass(500);
    watch.refresh();
    watch.refresh();
    await pass(2_000);
    expect(values).toEqual([1, 2]);
    await pass(3_000);
    expect(asked).toBe(2);
  });

  it('is asked for anew at once when there is a network again', async () => {
    await pass(100);
    window.dispatchEvent(new Event('online'));
    await pass(2_500);
    expect(values.at(-1)).toBe(2);
  });

  it('goes on after an answer that could not be read', async () => {
    answer = () => new Response('<html>be back soon</html>');
    await pass(1_500);
    expect(connections.at(-1)).toBe('offline');
    expect(refusal).toBeNull();
    answer = (all) => Response.json({ all });
    await pass(6_000);
    expect(values).toEqual([2]);
  });

  it('is left alone once it is refused', async () => {
    answer = () => Response.json({ code: 'NOT_ADMIN', detail: 'no' }, { status: 403 });
    await pass(1_500);
    expect(refusal?.code).toBe('NOT_ADMIN');
    watch.refresh();
    await pass(20_000);
    expect(asked).toBe(1);
  });
});
