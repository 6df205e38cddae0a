import type { DataError } from '../data';
import { t } from '../texts';
import { Notice } from '../ui';

/** Why something that was asked for was not done. */
export function Refusal({ error }: { error: DataError }) {
  return (
    <Notice tone="danger" urgent title={error.status === 0 ? t('refusal.offline') : t('refusal.title')}>
      {error.status === 0 ? t('refusal.offline.text') : error.message}
    </Notice>
  );
}
