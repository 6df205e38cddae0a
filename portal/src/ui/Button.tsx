import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from 'react';
import styles from './Button.module.css';
import { Icon, type IconName } from './Icon';
import { Spinner } from './Spinner';

interface Look {
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'small' | 'medium' | 'large';
  icon?: IconName;
  /** Behind the words. */
  iconAfter?: IconName;
  /** Only the icon is seen: say what it does with `aria-label`. */
  square?: boolean;
  wide?: boolean;
}

function classes({ kind = 'secondary', size = 'medium', square, wide }: Look, className = ''): string {
  return [styles.button, styles[kind], styles[size], square && styles.square, wide && styles.wide, className].filter(Boolean).join(' ');
}

type ButtonProps = Look &
  ButtonHTMLAttributes<HTMLButtonElement> & {
    /** It is at work: it stays where it is, keeps the focus, and does nothing more. */
    busy?: boolean;
  };

export function Button({ kind, size, icon, iconAfter, square, wide, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes({ kind, size, square, wide }, className)}
      aria-disabled={busy || rest['aria-disabled']}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
      {iconAfter && <Icon name={iconAfter} />}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ kind, size, icon, iconAfter, square, wide, className, children, ...rest }: Look & AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a {...rest} className={classes({ kind, size, square, wide }, className)}>
      {icon && <Icon name={icon} />}
      {children}
      {iconAfter && <Icon name={iconAfter} />}
    </a>
  );
}
