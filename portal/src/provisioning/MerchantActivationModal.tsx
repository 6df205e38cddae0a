import { lazy, Suspense } from 'react';
import type { Activated, ActivationRequest, Category, SavedChoices } from '../data';

// The form and the rules of its fields are loaded when somebody opens it.
const ActivationForm = lazy(() => import('./ActivationForm'));

export interface MerchantActivationModalProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The id that the store will have. */
  storeId: string;
  storeName: string;
  /** Called as soon as the request is kept safe; the work may just have begun. */
  onSuccess?(activated: Activated): void;
  /** Whose store it is; the store's id where it is left out. */
  merchantId?: string;
  /** What is known already, so that nobody has to type it again. */
  ownerEmail?: string;
  category?: Category | null;
  choices?: SavedChoices;
  /** The answers of an earlier request. */
  initial?: Partial<ActivationRequest>;
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
