import { t } from '../texts';
import { Button, Empty } from '../ui';
import type { User } from './identity';
import { useSession } from './SessionProvider';
import styles from './session.module.css';

/** No role, no page. */
export function NoRolePage({ user }: { user: User }) {
  const { signOut } = useSession();
  return (
    <main className={styles.page}>
      <Empty
        alone
        icon="users"
        title={t('noRole.title')}
        actions={
          <Button icon="signOut" onClick={signOut}>
            {t('nav.signOut')}
          </Button>
        }
      >
        {t('noRole.text', { email: user.email })}
      </Empty>
    </main>
  );
}
