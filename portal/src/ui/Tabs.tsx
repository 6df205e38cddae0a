import styles from './Tabs.module.css';
import { unseen } from './unseen';

interface TabsProps<T extends string> {
  label: string;
  value: T;
  onChange(value: T): void;
  tabs: readonly { value: T; label: string; count?: number }[];
}

/** One of several views of the same list. Arrow keys move between them, as in every group of radio buttons. */
export function Tabs<T extends string>({ label, value, onChange, tabs }: TabsProps<T>) {
  return (
    <fieldset className={styles.tabs}>
      <legend className={unseen}>{label}</legend>
      {tabs.map((tab) => (
        <label key={tab.value} className={styles.tab}>
          <input className={`${unseen} ${styles.radio}`} type="radio" name={label} value={tab.value} checked={tab.value === value} onChange={() => onChange(tab.value)} />
          {tab.label}
          {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
        </label>
      ))}
    </fieldset>
  );
}
