import { lazy, Suspense } from 'react';
import type { ActivationFormProps } from './ActivationForm';

// The form and the rules of its fields are loaded when somebody opens it.
const ActivationForm = lazy(() => import('./ActivationForm'));

export interface MerchantActivationModalProps extends ActivationFormProps {
  open: boolean;
}

/** Asks for what a store needs, shows what will be made, and asks the server to make it. */
export function MerchantActivationModal({ open, ...rest }: MerchantActivationModalProps) {
  // What was answered, and the request's id, live as long as it is open.
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <ActivationForm {...rest} />
    </Suspense>
  );
}
