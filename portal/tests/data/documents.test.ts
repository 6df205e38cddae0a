import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../src/data/answers';
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

describe('an earlier request', () => {
  it('gives its answers', () => {
    const asked = { store_name: 'S', integrations: { stripe: true }, launch: 'immediately', category: 'home', custom_domain: 'shop.example.com' };
    expect(readAnswers(asked, 'run-1')).toMatchObject({ store_id: 'run-1', store_name: 'S', integrations: { stripe: true, paypal: false }, launch: 'immediately', category: 'home', custom_domain: 'shop.example.com' });
  });

  it('may have been nonsense', () => {
    const asked = { store_name: { a: 1 }, integrations: 'all', category: 7, launch: null };
    expect(readAnswers(asked, 'run-1')).toMatchObject({ store_name: '', integrations: { stripe: false }, category: 'general', launch: 'after_onboarding' });
  });
});
