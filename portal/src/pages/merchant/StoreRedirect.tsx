import { useCallback } from 'react';
import { Navigate, useParams } from 'react-router';
import { useLoaded, useSource } from '../../data';
import { t } from '../../texts';
import { Notice, Spinner } from '../../ui';
import styles from './MerchantPage.module.css';
import { placeOf } from './sections';

/** `/stores/{id}`: a store is shown on its merchant's page. */
export function Component() {
  const { storeId = '' } = useParams();
  const source = useSource();
  const load = useCallback(() => source.store(storeId), [source, storeId]);
  const { value: store, error } = useLoaded(load);
  if (store) return <Navigate replace to={placeOf(store.merchant_id, 'store', storeId)} />;
  if (error) {
    return (
      <Notice tone="danger" urgent title={t('merchant.noStore')}>
        {error.message}
      </Notice>
    );
  }
  return (
    <div className={styles.loading}>
      <Spinner size="large" label={t('ui.loading')} />
    </div>
  );
}
