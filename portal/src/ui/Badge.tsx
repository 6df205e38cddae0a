import type { ReactNode } from 'react';
import styles from './Badge.module.css';
import { Icon, type IconName } from './Icon';
import { Spinner } from './Spinner';
import { toneClass, type Tone } from './tones';

interface BadgeProps {
  tone?: Tone;
  /** A shape beside the colour: nobody has to tell colours apart. */
  icon?: IconName | 'spinner';
  children: ReactNode;
}

export function Badge({ tone = 'neutral', icon, children }: BadgeProps) {
  return (
    <span className={`${styles.badge} ${toneClass(tone)}`}>
      {icon === 'spinner' ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
