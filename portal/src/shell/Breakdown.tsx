import { t } from '../texts';
import { Button, Empty } from '../ui';

/** What broke down and why, or that it is not there any more because the portal was renewed meanwhile. */
export function Breakdown({ error }: { error: unknown }) {
  const why = error instanceof Error ? error.message : String(error);
  const renewed = /dynamically imported module|module script|preload CSS/i.test(why);
  return (
    <Empty
      alone
      icon={renewed ? 'refresh' : 'alert'}
      title={t(renewed ? 'app.updated' : 'app.crashed')}
      actions={
        <Button kind="primary" icon="refresh" onClick={() => window.location.reload()}>
          {t('app.reload')}
        </Button>
      }
    >
      <p>{t(renewed ? 'app.updated.text' : 'app.crashed.text')}</p>
      {!renewed && (
        <p>
          <code>{why}</code>
        </p>
      )}
    </Empty>
  );
}
