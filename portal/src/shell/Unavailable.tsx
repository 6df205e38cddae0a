import type { DataError } from '../data';
import { t } from '../texts';
import { Button, Notice } from '../ui';

/** Says that what belongs here cannot be had, and why; whoever reads it may ask again. */
export function Unavailable({ error, again }: { error: DataError; again(): void }) {
  return (
    <Notice
      tone="danger"
      urgent
      title={t('lists.unavailable')}
      actions={
        <Button size="small" icon="refresh" onClick={again}>
          {t('ui.tryAgain')}
        </Button>
      }
    >
      {error.message}
    </Notice>
  );
}
