export { MerchantActivationModal, type MerchantActivationModalProps } from './MerchantActivationModal';
export { ProvisioningLogs, type ProvisioningLogsProps } from './ProvisioningLogs';
export { ProvisioningStatus, type ProvisioningStatusProps } from './ProvisioningStatus';
export { ProvisionStoreButton, type ProvisionStoreButtonProps } from './ProvisionStoreButton';
export { useProvisioning, type UseProvisioning, type UseProvisioningOptions } from './useProvisioning';
export { cycle, limits, money } from './money';
export { lookOfStatus, lookOfStep } from './words';
