import { t } from '../texts';
import { Button } from './Button';
import styles from './Pager.module.css';

interface PagerProps {
  /** From 1. */
  page: number;
  hasNext: boolean;
  onPrevious(): void;
  onNext(): void;
}

/** Leafs through a list; nothing where there is one page. */
export function Pager({ page, hasNext, onPrevious, onNext }: PagerProps) {
  if (page === 1 && !hasNext) return null;
  return (
    <nav className={styles.pager} aria-label={t('ui.pages')}>
      <Button size="small" icon="arrowLeft" disabled={page === 1} aria-label={t('ui.previousPage')} onClick={onPrevious}>
        {t('ui.previous')}
      </Button>
      <span className={styles.page} aria-live="polite">
        {t('ui.page', { page })}
      </span>
      <Button size="small" iconAfter="arrowRight" disabled={!hasNext} aria-label={t('ui.nextPage')} onClick={onNext}>
        {t('ui.next')}
      </Button>
    </nav>
  );
}
