import { n, t } from '../texts';
import { duration, Icon, Spinner, toneClass } from '../ui';
import type { StepState } from './state';
import styles from './StepList.module.css';
import { lookOfStep } from './words';

/** All steps from the start, in their order. */
export function StepList({ steps }: { steps: readonly StepState[] }) {
  return (
    <ol className={styles.list}>
      {steps.map((step) => (
        <StepItem key={step.name} step={step} />
      ))}
    </ol>
  );
}

function StepItem({ step }: { step: StepState }) {
  const look = lookOfStep(step.state);
  const about = [look.text, step.attempts > 1 && n('step.attempts', step.attempts), step.slow && t('step.slow')].filter(Boolean).join(' · ');
  return (
    <li className={[styles.step, toneClass(look.tone), look.tone === 'success' && styles.done, step.state === 'waiting' && styles.waiting].filter(Boolean).join(' ')} aria-current={look.icon === 'spinner' ? 'step' : undefined}>
      <span className={styles.mark}>{look.icon === 'spinner' ? <Spinner /> : <Icon name={look.icon} />}</span>
      <span className={styles.title}>{step.title}</span>
      <span className={styles.about}>{about}</span>
      <span className={styles.time}>{step.elapsed !== null && duration(step.elapsed)}</span>
      {step.error && <span className={styles.error}>{step.error}</span>}
    </li>
  );
}
