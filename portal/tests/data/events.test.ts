import { describe, expect, it } from 'vitest';
import { EventParser } from '../../src/data/api/events';

const STREAM = 'retry: 1000\n\n: still here\n\nevent: provisioning\nid: 1\ndata: {"a":1}\n\nevent: provisioning\r\nid: 2\r\ndata: one\r\ndata: two\r\n\r\n';

describe('events of a stream', () => {
  it('are the same wherever the network cuts it', () => {
    const whole = new EventParser().push(STREAM);
    expect(whole).toEqual([
      { event: 'provisioning', id: '1', data: '{"a":1}' },
      { event: 'provisioning', id: '2', data: 'one\ntwo' },
    ]);
    for (let cut = 0; cut <= STREAM.length; cut++) {
      const parser = new EventParser();
      expect([...parser.push(STREAM.slice(0, cut)), ...parser.push(STREAM.slice(cut))], `cut at ${cut}`).toEqual(whole);
    }
  });

  it('are not made by heartbeats', () => {
    expect(new EventParser().push(': a\n\n: b\n\n')).toEqual([]);
  });
});
