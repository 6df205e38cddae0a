import { describe, expect, it } from 'vitest';
import { actionsFor, clockAhead, outlook, stepStates, totalElapsed } from '../../src/provisioning/state';
import { at, DURATIONS, failed, NOON, provisioning } from '../fakes';

describe('time left', () => {
  it('is what the running step usually still needs, and the median of all that follow', () => {
    expect(outlook(provisioning(4), DURATIONS, NOON + 4_400)).toEqual({ left: 2_600, slow: false });
  });

  it('is not told where the past says too little', () => {
    expect(outlook(provisioning(4), null, NOON + 4_400).left).toBeNull();
    const few = { ...DURATIONS, steps: { ...DURATIONS.steps, complete: { p50: 1, p95: 2, count: 1 } } };
    expect(outlook(provisioning(4), few, NOON + 4_400).left).toBeNull();
  });

  it('is not told while it is slower than nearly all runs were', () => {
    expect(outlook(provisioning(4), DURATIONS, NOON + 4_000 + 2_900)).toEqual({ left: 2_000, slow: false });
    expect(outlook(provisioning(4), DURATIONS, NOON + 4_000 + 3_100)).toEqual({ left: null, slow: true });
  });

  it('is not told of what is over', () => {
    expect(outlook(provisioning(7), DURATIONS, NOON + 9_000)).toEqual({ left: null, slow: false });
    expect(outlook(failed(5), DURATIONS, NOON + 90_000).slow).toBe(false);
  });
});

describe('steps', () => {
  it('are all there from the start, with how long each took', () => {
    const steps = stepStates(provisioning(1), DURATIONS, NOON + 1_700);
    expect(steps.map((step) => step.state)).toEqual(['done', 'working', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting']);
    expect(steps.map((step) => step.elapsed)).toEqual([1_000, 700, null, null, null, null, null]);
  });

  it('say that they wait for another attempt', () => {
    const run = provisioning(1);
    const steps = run.steps.map((step, index) => (index === 1 ? { ...step, attempts: 2, error: 'UNAVAILABLE' } : step));
    expect(stepStates({ ...run, steps }, null, NOON)[1]).toMatchObject({ state: 'tryingAgain', attempts: 2, error: 'UNAVAILABLE' });
  });

  it('count no time below nothing where clocks differ', () => {
    expect(stepStates(provisioning(1), null, NOON - 60_000)[1]?.elapsed).toBe(0);
  });
});

describe('what can be done', () => {
  it('is what the server would accept', () => {
    expect(actionsFor(failed(5))).toEqual(['retry', 'rollBack', 'startOver', 'supportBundle']);
    expect(actionsFor(failed(5, { retryable: false }))).toEqual(['rollBack', 'startOver', 'supportBundle']);
    expect(actionsFor(failed(0, { step: null, retryable: false }))).toEqual(['startOver', 'supportBundle']);
    expect(actionsFor(provisioning(3, { status: 'ROLLBACK' }))).toEqual(['supportBundle']);
    expect(actionsFor(provisioning(3, { status: 'ROLLBACK', halted: true }))).toEqual(['rollBack', 'supportBundle']);
    expect(actionsFor(provisioning(7))).toEqual(['resendWelcome', 'rollBack', 'supportBundle']);
    expect(actionsFor(provisioning(0, { status: 'ROLLED_BACK' }))).toEqual(['startOver', 'supportBundle']);
  });
});

describe('clocks', () => {
  it('of a machine that is ahead are known by what arrives live', () => {
    expect(clockAhead(null, NOON + 60_040, NOON, true)).toBe(60_040);
    expect(clockAhead(60_040, NOON + 60_010, NOON, true)).toBe(60_010);
  });

  it('say nothing where something old is looked at', () => {
    expect(clockAhead(null, NOON + 3_600_000, NOON, false)).toBeNull();
  });

  it('of a machine that is behind are known at once', () => {
    expect(clockAhead(null, NOON - 30_000, NOON, false)).toBe(-30_000);
  });
});

describe('the whole time', () => {
  it('stands still once it is over', () => {
    expect(totalElapsed(provisioning(7), NOON + 99_000)).toBe(7_000);
    expect(totalElapsed(provisioning(7, { status: 'ROLLED_BACK', completed_at: null, updated_at: at(8_000) }), NOON + 99_000)).toBe(8_000);
    expect(totalElapsed(provisioning(2), NOON + 2_500)).toBe(2_500);
  });
});
