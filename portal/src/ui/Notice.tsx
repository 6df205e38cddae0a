import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import styles from './Notice.module.css';
import { toneClass, type Tone } from './tones';

const ICONS: Record<Tone, IconName> = { neutral: 'info', info: 'info', success: 'check', warning: 'alert', danger: 'alert' };

interface NoticeProps {
  tone?: Tone;
  icon?: IconName;
  title?: ReactNode;
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  /** Said at once by screen readers. */
  urgent?: boolean;
}

export function Notice({ tone = 'info', icon = ICONS[tone], title, children, actions, urgent = false }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${tone === 'neutral' ? styles.plain : toneClass(tone)}`} role={urgent ? 'alert' : undefined}>
      <Icon name={icon} className={styles.icon} />
      <div className={styles.body}>
        {title && <p className={styles.title}>{title}</p>}
        {children && <div className={styles.text}>{children}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
