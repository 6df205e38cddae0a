import type { ProvisioningStatus } from '../data';
import { t } from '../texts';
import type { IconName, Tone } from '../ui';
import type { StepState } from './state';

export interface Look {
  tone: Tone;
  icon: IconName | 'spinner';
  text: string;
}

/** A state as a word, a colour and a shape. */
export function lookOfStatus(status: ProvisioningStatus, halted = false): Look {
  switch (status) {
    case 'PENDING':
      return { tone: 'neutral', icon: 'clock', text: t('status.pending') };
    case 'IN_PROGRESS':
      return { tone: 'info', icon: 'spinner', text: t('status.inProgress') };
    case 'COMPLETED':
      return { tone: 'success', icon: 'check', text: t('status.completed') };
    case 'FAILED':
      return { tone: 'danger', icon: 'alert', text: t('status.failed') };
    case 'ROLLBACK':
      return halted
        ? { tone: 'danger', icon: 'alert', text: t('status.halted') }
        : { tone: 'warning', icon: 'undo', text: t('status.rollback') };
    case 'ROLLED_BACK':
      return { tone: 'neutral', icon: 'undo', text: t('status.rolledBack') };
  }
}

export function lookOfStep(state: StepState['state']): Look {
  switch (state) {
    case 'waiting':
      return { tone: 'neutral', icon: 'dot', text: t('step.waiting') };
    case 'working':
      return { tone: 'info', icon: 'spinner', text: t('step.working') };
    case 'tryingAgain':
      return { tone: 'warning', icon: 'refresh', text: t('step.tryingAgain') };
    case 'done':
      return { tone: 'success', icon: 'check', text: t('step.done') };
    case 'failed':
      return { tone: 'danger', icon: 'close', text: t('step.failed') };
    case 'skipped':
      return { tone: 'neutral', icon: 'dash', text: t('step.skipped') };
    case 'undone':
      return { tone: 'neutral', icon: 'undo', text: t('step.undone') };
    case 'undoing':
      return { tone: 'warning', icon: 'spinner', text: t('step.undoing') };
  }
}
