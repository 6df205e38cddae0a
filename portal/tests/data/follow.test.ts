import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiSource } from '../../src/data/api/source';
import type { Connection, DataError, Provisioning, Watch } from '../../src/data';
import { at, provisioning } from '../fakes';

/** A server of one provisioning, whose test says what each call is answered with. */
class Server {
  readonly asked: { path: string; lastEventId: string | null; token: string | null }[] = [];
  readonly streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  streaming: 'works' | 'refused' | 'dead' = 'works';
  polling: 'works' | 'dead' | 'forbidden' = 'works';
  current: Provisioning | null = provisioning(1);

  readonly fetch = (async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    this.asked.push({ path: url, lastEventId: headers.get('Last-Event-ID'), token: headers.get('Authorization') });
    return url.endsWith('/events') ? this.stream(init.signal) : this.answer();
  }) as typeof fetch;

  private stream(signal: AbortSignal | null | undefined): Response {
    if (this.streaming === 'dead') throw new TypeError('Failed to fetch');
    if (this.streaming === 'refused') return Response.json({ code: 'TOO_MANY_STREAMS', detail: 'poll instead' }, { status: 503 });
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.streams.push(controller);
        signal?.addEventListener('abort', () => {
          try {
            controller.error(new DOMException('aborted', 'AbortError'));
          } catch {
            // It had ended.
          }
        });
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  private answer(): Response {
    if (this.polling === 'dead') throw new TypeError('Failed to fetch');
    if (this.polling === 'forbidden') return Response.json({ code: 'NOT_ADMIN', detail: 'no' }, { status: 403 });
    return this.current ? Response.json(this.current) : Response.json({ code: 'NO_PROVISIONING', detail: 'none' }, { status: 404 });
  }

  send(text: string): void {
    this.streams.at(-1)?.enqueue(new TextEncoder().encode(text));
  }

  push(value: Provisioning): void {
    this.current = value;
    this.send(`event: provisioning\nid: ${value.updated_at}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  opened(): number {
    return this.asked.filter(({ path }) => path.endsWith('/events')).length;
  }
}

let server: Server;
let watch: Watch | null = null;
let values: (Provisioning | null)[];
let connections: Connection[];
let refusal: DataError | null;

function begin(target: Parameters<ApiSource['watchProvisioning']>[0] = { storeId: 'store-1' }): void {
  const source = new ApiSource('/api', { token: () => Promise.resolve('token'), refused: () => undefined }, { interval: 1000, pause: 100, silence: 5000 }, server.fetch);
  watch = source.watchProvisioning(target, {
    onValue: (value) => values.push(value),
    onConnection: (connection) => connections.push(connection),
    onError: (error) => (refusal = error),
  });
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  values = [];
  connections = [];
  refusal = null;
});

afterEach(async () => {
  watch?.stop();
  await pass(10);
  vi.useRealTimers();
});

describe('a provisioning that is followed', () => {
  it('arrives by the stream, in the name of who is signed in', async () => {
    begin();
    await pass(10);
    server.push(provisioning(2));
    await pass(10);
    expect(values.map((value) => value?.completion_percent)).toEqual([25]);
    expect(connections.at(-1)).toBe('live');
    expect(server.asked[0]).toEqual({ path: '/api/stores/store-1/provisioning/events', lastEventId: null, token: 'Bearer token' });
  });

  it('goes on where it was when the stream ends in time', async () => {
    begin();
    await pass(10);
    server.push(provisioning(2));
    await pass(10);
    server.streams[0]?.close();
    await pass(200);
    expect(server.opened()).toBe(2);
    expect(server.asked[1]?.lastEventId).toBe(at(2000));
    server.push(provisioning(3));
    await pass(10);
    expect(values.map((value) => value?.completion_percent)).toEqual([25, 40]);
  });

  it('is asked for again and again while no stream can be had, and streamed again afterwards', async () => {
    server.streaming = 'refused';
    begin();
    await pass(1500);
    expect(connections).toContain('polling');
    expect(values.length).toBeGreaterThan(0);
    server.current = provisioning(4);
    await pass(1500);
    expect(values.at(-1)?.completion_percent).toBe(60);
    server.streaming = 'works';
    await pass(1500);
    server.push(provisioning(5));
    await pass(10);
    expect(values.at(-1)?.completion_percent).toBe(80);
    expect(connections.at(-1)).toBe('live');
  });

  it('says that it is not connected, and comes back by itself', async () => {
    begin();
    await pass(10);
    server.push(provisioning(1));
    await pass(10);
    server.streaming = 'dead';
    server.polling = 'dead';
    server.streams[0]?.error(new TypeError('network'));
    await pass(3000);
    expect(connections.at(-1)).toBe('offline');
    server.streaming = 'works';
    server.polling = 'works';
    await pass(2000);
    server.push(provisioning(2));
    await pass(10);
    expect(connections.at(-1)).toBe('live');
    expect(values.at(-1)?.completion_percent).toBe(25);
  });

  it('notices a connection that has died without a word', async () => {
    begin();
    await pass(10);
    server.push(provisioning(1));
    await pass(4000);
    expect(server.opened()).toBe(1);
    await pass(3000);
    expect(server.opened()).toBe(2);
  });

  it('is not taken for dead while its heart beats', async () => {
    begin();
    await pass(10);
    for (let beat = 0; beat < 6; beat++) {
      server.send(': still here\n\n');
      await pass(4000);
    }
    expect(server.opened()).toBe(1);
  });

  it('is looked at from time to time once it is over, and followed again when it moves', async () => {
    begin();
    await pass(10);
    server.push(provisioning(7));
    server.streams[0]?.close();
    await pass(2500);
    expect(server.opened()).toBe(1);
    server.current = provisioning(7, { status: 'ROLLBACK', updated_at: at(9000) });
    await pass(2500);
    expect(values.at(-1)?.status).toBe('ROLLBACK');
    expect(server.opened()).toBe(2);
  });

  it('may not exist yet', async () => {
    server.streaming = 'refused';
    server.current = null;
    begin();
    await pass(1500);
    expect(values.at(-1)).toBeNull();
    expect(refusal).toBeNull();
  });

  it('is given up where it is not allowed', async () => {
    server.streaming = 'refused';
    server.polling = 'forbidden';
    begin();
    await pass(3000);
    expect(refusal?.code).toBe('NOT_ADMIN');
    const before = server.asked.length;
    await pass(10_000);
    expect(server.asked.length).toBe(before);
  });

  it('is asked for at once when somebody wants to know', async () => {
    server.streaming = 'dead';
    server.polling = 'dead';
    begin();
    await pass(2000);
    const before = server.opened();
    watch?.refresh();
    await pass(10);
    expect(server.opened()).toBe(before + 1);
  });

  it('is left alone once nobody looks', async () => {
    begin();
    await pass(10);
    watch?.stop();
    const before = server.asked.length;
    await pass(60_000);
    expect(server.asked.length).toBe(before);
  });
});
