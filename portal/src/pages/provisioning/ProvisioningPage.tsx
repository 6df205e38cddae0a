import { useNavigate, useParams } from 'react-router';
import type { ProvisioningTarget } from '../../data';
import { ProvisioningStatus, useProvisioning } from '../../provisioning';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';

/** One provisioning: the newest of a store, or that with the id in the address. */
export function Component() {
  const { storeId = '', provisioningId } = useParams();
  const target: ProvisioningTarget = provisioningId ? { provisioningId } : { storeId };
  const { provisioning } = useProvisioning(target);
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={provisioning?.store_name ?? t('provisioning.title')}
        up={{ to: '/merchants', text: t('nav.merchants') }}
        text={provisioning?.subdomain ? <code>{provisioning.subdomain}</code> : undefined}
      />
      <ProvisioningStatus storeId={target} onStartedOver={(started) => void navigate(`/stores/${encodeURIComponent(started.store_id)}/provisioning`)} />
    </>
  );
}
