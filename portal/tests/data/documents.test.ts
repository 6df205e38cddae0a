import { describe, expect, it } from 'vitest';
import { readProvisioning } from '../../src/data/firestore/documents';

const moment = (seconds: number, nanoseconds: number) => ({ seconds, nanoseconds, toDate: () => new Date(seconds * 1000) });

describe('a document', () => {
  it('becomes what the API would say: times as text to the microsecond, nothing of the engine’s', () => {
    const read = readProvisioning('run-1', { status: 'IN_PROGRESS', error: null, updated_at: moment(1_795_262_400, 123_456_000), steps: [{ started_at: moment(1_795_262_400, 0) }], engine: { owner: 'x' } });
    expect(read.updated_at).toBe('2026-11-21T12:00:00.123456Z');
    expect(read.steps[0]?.started_at).toBe('2026-11-21T12:00:00.000000Z');
    expect(read).not.toHaveProperty('engine');
    expect(read.halted).toBe(false);
  });

  it('of a roll back with an error is halted', () => {
    expect(readProvisioning('run-1', { status: 'ROLLBACK', error: { title: 'x' } }).halted).toBe(true);
    expect(readProvisioning('run-1', { status: 'ROLLBACK', error: null }).halted).toBe(false);
  });
});
