export { MerchantActivationModal, type MerchantActivationModalProps } from './MerchantActivationModal';
export { ProvisioningLogs, type ProvisioningLogsProps } from './ProvisioningLogs';
export { ProvisioningStatus, type ProvisioningStatusProps } from './ProvisioningStatus';
export { ProvisionStoreButton, type ProvisionStoreButtonProps } from './ProvisionStoreButton';
export { useProvisioning, type UseProvisioning, type UseProvisioningOptions } from './useProvisioning';
export { LIMITS, sayAmount, sayLimits, unitOf } from './limits';
export { cycle, money } from './money';
export { lookOfStatus, lookOfStep } from './words';
