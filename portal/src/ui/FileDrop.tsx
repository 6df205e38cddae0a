import { useState, type ReactNode } from 'react';
import styles from './FileDrop.module.css';
import { unseen } from './unseen';
import { Icon } from './Icon';

interface FileDropProps {
  label: ReactNode;
  hint?: ReactNode;
  /** As the `accept` attribute of a file input. */
  accept?: string;
  disabled?: boolean;
  onFile(file: File): void;
}

/** A field for one file: chosen by click or keys, or dropped onto it. */
export function FileDrop({ label, hint, accept, disabled, onFile }: FileDropProps) {
  const [over, setOver] = useState(false);
  return (
    <label
      className={`${styles.drop} ${over ? styles.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [file] = event.dataTransfer.files;
        if (file && !disabled) onFile(file);
      }}
    >
      <Icon name="upload" className={styles.icon} />
      <span className={styles.label}>{label}</span>
      {hint && <span className={styles.hint}>{hint}</span>}
      <input
        className={unseen}
        type="file"
        accept={accept}
        disabled={disabled}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file again is a new choice: it may have been mended meanwhile.
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
