import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { t } from '../texts';
import { Button } from './Button';
import { Icon } from './Icon';
import styles from './Toast.module.css';

interface Toast {
  id: number;
  tone: 'success' | 'danger';
  text: string;
}

type Show = (text: string, tone?: Toast['tone']) => void;

const ToastContext = createContext<Show>(() => undefined);
const SECONDS = { success: 5, danger: 12 };

/** Shows short messages that go away by themselves. */
export function useToast(): Show {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const remove = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const show = useCallback<Show>(
    (text, tone = 'success') => {
      const id = next.current++;
      setToasts((shown) => [...shown.slice(-2), { id, tone, text }]);
      setTimeout(() => remove(id), SECONDS[tone] * 1000);
    },
    [remove],
  );
  const list = useMemo(
    () => (
      <div className={styles.region} role="status">
        {toasts.map((toast) => (
          <div key={toast.id} className={`${styles.toast} ${styles[toast.tone]}`}>
            <Icon name={toast.tone === 'success' ? 'check' : 'alert'} />
            <span>{toast.text}</span>
            <Button kind="quiet" size="small" square icon="close" aria-label={t('ui.dismiss')} onClick={() => remove(toast.id)} />
          </div>
        ))}
      </div>
    ),
    [toasts, remove],
  );
  return (
    <ToastContext value={show}>
      {children}
      {list}
    </ToastContext>
  );
}
