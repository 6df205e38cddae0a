import { useState } from 'react';
import { useCanAct } from '../data';
import { t } from '../texts';
import { Button, ButtonLink } from '../ui';
import { MerchantActivationModal, type MerchantActivationModalProps } from './MerchantActivationModal';
import { useProvisioning, type UseProvisioningOptions } from './useProvisioning';

export interface ProvisionStoreButtonProps extends Omit<MerchantActivationModalProps, 'open' | 'onOpenChange'>, UseProvisioningOptions {
  /** Show the progress: called where one is under way, or failed. */
  onWatch?(storeId: string): void;
}

/** Starts a store where there is none, and says how it stands where there is one. Follows the store: not for rows of a long list. */
export function ProvisionStoreButton({ onWatch, autoRefresh, refreshInterval, ...activation }: ProvisionStoreButtonProps) {
  const [open, setOpen] = useState(false);
  const canAct = useCanAct();
  const live = useProvisioning(activation.storeId, { autoRefresh, refreshInterval });
  return (
    <>
      <Offer live={live} canAct={canAct} onOpen={() => setOpen(true)} onWatch={onWatch && (() => onWatch(activation.storeId))} />
      <MerchantActivationModal
        {...activation}
        open={open}
        onOpenChange={setOpen}
        onSuccess={(activated) => {
          live.refresh();
          activation.onSuccess?.(activated);
        }}
      />
    </>
  );
}

interface OfferProps {
  live: ReturnType<typeof useProvisioning>;
  canAct: boolean;
  onOpen(): void;
  onWatch?: () => void;
}

function Offer({ live, canAct, onOpen, onWatch }: OfferProps) {
  const p = live.provisioning;
  if (live.loading) return <Button busy>{t('button.activate')}</Button>;
  if (p === null || p.status === 'ROLLED_BACK') {
    return (
      <Button kind="primary" icon="store" disabled={!canAct} onClick={onOpen}>
        {t('button.activate')}
      </Button>
    );
  }
  if (p.status === 'COMPLETED') {
    return (
      <ButtonLink href={(p.links as { website?: string }).website} target="_blank" rel="noopener" iconAfter="external">
        {t('outcome.openStore')}
      </ButtonLink>
    );
  }
  if (p.status === 'FAILED' || p.halted) {
    return (
      <Button icon="alert" disabled={!onWatch} onClick={onWatch}>
        {t('button.failed')}
      </Button>
    );
  }
  return (
    <Button busy={!onWatch} icon="clock" onClick={onWatch}>
      {t('button.progress', { percent: p.completion_percent })}
    </Button>
  );
}
