import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../texts';
import { Icon } from '../ui';
import styles from './PageHeader.module.css';

interface PageHeaderProps {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  /** Where it belongs. */
  up?: { to: string; text: string };
}

/** The head of every page; it names the tab, too. */
export function PageHeader({ title, text, actions, up }: PageHeaderProps) {
  useEffect(() => {
    document.title = t('app.title', { page: title });
  }, [title]);
  return (
    <header className={styles.header}>
      <div className={styles.words}>
        {up && (
          <Link className={styles.up} to={up.to}>
            <Icon name="arrowLeft" />
            {up.text}
          </Link>
        )}
        <h1>{title}</h1>
        {text && <div className={styles.text}>{text}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
