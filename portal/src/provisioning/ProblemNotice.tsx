import type { Problem, StepRecord } from '../data';
import { t } from '../texts';
import { Notice } from '../ui';
import styles from './ProblemNotice.module.css';

interface ProblemNoticeProps {
  problem: Problem;
  steps: readonly StepRecord[];
  halted: boolean;
}

/** Why it stands still, in the order in which one asks: what, why, what now. */
export function ProblemNotice({ problem, steps, halted }: ProblemNoticeProps) {
  const step = steps.find((one) => one.name === problem.step);
  return (
    <Notice tone="danger" urgent title={problem.title}>
      <dl className={styles.facts}>
        {step && <Fact name={t('problem.where')}>{halted ? t('problem.whileUndoing', { step: step.title }) : step.title}</Fact>}
        {problem.detail && <Fact name={t('problem.cause')}>{problem.detail}</Fact>}
        {problem.action && <Fact name={t('problem.action')}>{problem.action}</Fact>}
      </dl>
      {(problem.fields ?? []).length > 0 && (
        <ul className={styles.fields}>
          {problem.fields?.map((field) => (
            <li key={field.field}>
              <strong>{field.field}</strong> {field.message}
            </li>
          ))}
        </ul>
      )}
      <p className={styles.code}>
        <code>{problem.code}</code>
      </p>
    </Notice>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
