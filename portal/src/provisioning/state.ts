/** What is shown, derived from what arrived. Pure: the same provisioning at the same time shows the same. */
import type { Durations, Percentiles, Provisioning, StepRecord } from '../data';

/** Fewer past runs than these say nothing of the next one. */
const ENOUGH_RUNS = 3;
/** Nobody minds what is over sooner than this, however usual less may be. */
const NEVER_SLOW_MS = 3_000;

export type Action = 'retry' | 'rollBack' | 'startOver' | 'resendWelcome' | 'supportBundle';

/** The buttons that apply. What the server would refuse is not offered. */
export function actionsFor(p: Provisioning): Action[] {
  const madeNothing = p.error !== null && p.error.step === null;
  switch (p.status) {
    case 'PENDING':
      return ['supportBundle'];
    case 'IN_PROGRESS':
      return ['rollBack', 'supportBundle'];
    case 'COMPLETED':
      return ['resendWelcome', 'rollBack', 'supportBundle'];
    case 'FAILED':
      if (madeNothing) return ['startOver', 'supportBundle'];
      return [...(p.error?.retryable ? (['retry'] as const) : []), 'rollBack', 'startOver', 'supportBundle'];
    case 'ROLLBACK':
      return p.halted ? ['rollBack', 'supportBundle'] : ['supportBundle'];
    case 'ROLLED_BACK':
      return ['startOver', 'supportBundle'];
  }
}

/** Whether it works now, so that clocks run. */
export function isMoving(p: Provisioning): boolean {
  return (p.status === 'PENDING' || p.status === 'IN_PROGRESS' || p.status === 'ROLLBACK') && !p.halted;
}

export interface StepState {
  name: string;
  title: string;
  state: 'waiting' | 'working' | 'tryingAgain' | 'done' | 'failed' | 'skipped' | 'undone' | 'undoing';
  attempts: number;
  /** Milliseconds that it took, or has taken so far. */
  elapsed: number | null;
  slow: boolean;
  error: string | null;
}

export function stepStates(p: Provisioning, durations: Durations | null, now: number): StepState[] {
  return p.steps.map((step) => {
    const elapsed = elapsedOf(step, now);
    return {
      name: step.name,
      title: step.title,
      state: stateOf(step, p),
      attempts: step.attempts ?? 0,
      elapsed,
      slow: isCurrent(step, p) && isSlow(elapsed, durations?.steps[step.name]),
      error: step.error ?? null,
    };
  });
}

function isCurrent(step: StepRecord, p: Provisioning): boolean {
  return step.status === 'IN_PROGRESS' && p.status === 'IN_PROGRESS';
}

function stateOf(step: StepRecord, p: Provisioning): StepState['state'] {
  switch (step.status) {
    case 'COMPLETED':
      return 'done';
    case 'FAILED':
      return 'failed';
    case 'SKIPPED':
      return 'skipped';
    case 'UNDONE':
      return 'undone';
    case 'IN_PROGRESS':
      if (p.halted) return 'failed';
      if (p.status === 'ROLLBACK') return 'undoing';
      return step.error ? 'tryingAgain' : 'working';
    default:
      return 'waiting';
  }
}

function elapsedOf(step: StepRecord, now: number): number | null {
  if (!step.started_at) return null;
  const until = step.finished_at ? Date.parse(step.finished_at) : step.status === 'IN_PROGRESS' ? now : null;
  return until === null ? null : Math.max(0, until - Date.parse(step.started_at));
}

function isSlow(elapsed: number | null, usual: Percentiles | undefined): boolean {
  if (elapsed === null || !usual || usual.count < ENOUGH_RUNS) return false;
  return elapsed > Math.max(usual.p95 * 1000, NEVER_SLOW_MS);
}

export interface Outlook {
  /** Milliseconds that are left by the median of past runs; null where nothing can be said honestly. */
  left: number | null;
  slow: boolean;
}

/** How long it will take yet: what the running step usually still needs, and the median of all that follow. */
export function outlook(p: Provisioning, durations: Durations | null, now: number): Outlook {
  if (p.status !== 'PENDING' && p.status !== 'IN_PROGRESS') return { left: null, slow: false };
  let left: number | null = 0;
  let slow = false;
  for (const step of p.steps) {
    if (step.status !== 'PENDING' && step.status !== 'IN_PROGRESS') continue;
    const usual = durations?.steps[step.name];
    const elapsed = elapsedOf(step, now);
    slow ||= isCurrent(step, p) && isSlow(elapsed, usual);
    if (left === null || !usual || usual.count < ENOUGH_RUNS) left = null;
    else left += Math.max(0, usual.p50 * 1000 - (elapsed ?? 0));
  }
  return { left: slow ? null : left, slow };
}

export function stepsDone(p: Provisioning): number {
  return p.steps.filter((step) => step.status === 'COMPLETED').length;
}

/** Milliseconds from the request to its end, or until now. */
export function totalElapsed(p: Provisioning, now: number): number | null {
  const began = p.requested_at ?? p.started_at;
  if (!began) return null;
  const until = p.completed_at ? Date.parse(p.completed_at) : isMoving(p) ? now : Date.parse(p.updated_at);
  return Math.max(0, until - Date.parse(began));
}

/**
 * How far this machine's clock is ahead of the server's, by what has arrived: nothing arrives before it was written.
 *
 * Only what arrived live shows that the clock is ahead; that something came from the future shows at once that it is behind.
 */
export function clockAhead(before: number | null, arrivedAt: number, writtenAt: number, live: boolean): number | null {
  const difference = arrivedAt - writtenAt;
  if (!live && difference > 0) return before;
  return before === null ? difference : Math.min(before, difference);
}
