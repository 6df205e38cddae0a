import styles from './Spinner.module.css';

/** Says that something is going on; with `label` also to those who cannot see it. */
export function Spinner({ label, size = 'small' }: { label?: string; size?: 'small' | 'large' }) {
  return (
    <svg
      className={`${styles.spinner} ${styles[size]}`}
      viewBox="0 0 20 20"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <circle className={styles.track} cx="10" cy="10" r="7.5" />
      <path className={styles.head} d="M10 2.500a7.5 7.5 0 0 1 7.5 7.5" />
    </svg>
  );
}
