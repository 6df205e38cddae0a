import { describe, expect, it } from 'vitest';
import { newest } from '../../src/data';
import { at, provisioning } from '../fakes';

describe('of two states', () => {
  it('the one written later is shown, in whichever order they arrive', () => {
    const [early, late] = [provisioning(1), provisioning(2)];
    expect(newest(early, late)).toBe(late);
    expect(newest(late, early)).toBe(late);
  });

  it('a microsecond decides', () => {
    const early = provisioning(1, { updated_at: '2026-11-21T12:00:00.000001Z' });
    const late = provisioning(1, { updated_at: '2026-11-21T12:00:00.000002Z' });
    expect(newest(late, early)).toBe(late);
    expect(newest(early, late)).toBe(late);
  });

  it('a newer run takes the place of an older one, though the older one was changed since', () => {
    const old = provisioning(7, { status: 'ROLLED_BACK', updated_at: at(90_000) });
    const young = provisioning(0, { id: 'run-2', requested_at: at(60_000), updated_at: at(60_000) });
    expect(newest(old, young)).toBe(young);
    expect(newest(young, old)).toBe(young);
  });

  it('what is known is kept when an answer knows of none', () => {
    const known = provisioning(1);
    expect(newest(known, null)).toBe(known);
  });
});
