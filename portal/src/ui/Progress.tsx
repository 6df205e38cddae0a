import styles from './Progress.module.css';

interface ProgressProps {
  /** Of 100. */
  value: number;
  label: string;
  tone?: 'accent' | 'success' | 'danger' | 'warning';
}

/** The native element: its width is an attribute, so it needs no style of its own. */
export function Progress({ value, label, tone = 'accent' }: ProgressProps) {
  return <progress className={`${styles.progress} ${styles[tone]}`} max={100} value={value} aria-label={label} />;
}
