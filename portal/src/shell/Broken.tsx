import { t } from '../texts';
import { Button, Empty } from '../ui';

/** Nothing can be shown at all. */
export function Broken({ why }: { why: string }) {
  return (
    <main>
      <Empty
        alone
        icon="alert"
        title={t('app.broken')}
        actions={
          <Button kind="primary" icon="refresh" onClick={() => window.location.reload()}>
            {t('app.reload')}
          </Button>
        }
      >
        {why}
      </Empty>
    </main>
  );
}
