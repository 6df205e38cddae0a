import { useCallback, useState } from 'react';
import { asDataError, useCanAct, useLoaded, useSource, type Marked, type Theme } from '../../data';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Button, Icon, useToast } from '../../ui';
import { Listed } from '../lists/Listed';
import { DeleteDialog } from '../offers/DeleteDialog';
import { ActiveBadge, InUse } from '../offers/marks';
import styles from '../offers/offers.module.css';
import { useStoreCounts } from '../offers/useStoreCounts';
import { saveFile } from './saveFile';
import { ThemeDialog } from './ThemeDialog';
import { UploadDialog } from './UploadDialog';

export function Component() {
  const source = useSource();
  const { themes } = source.platform;
  const canAct = useCanAct();
  const toast = useToast();
  const load = useCallback(() => source.themes().then((items) => ({ items })), [source]);
  const { value, error, again } = useLoaded(load);
  const counts = useStoreCounts('theme', value?.items.map((one) => one.slug) ?? []);
  const [editing, setEditing] = useState<Marked<Theme> | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Theme | null>(null);
  const [uploading, setUploading] = useState(false);
  const [busy, setBusy] = useState<string | null>(null);

  const attempt = async (name: string, deed: () => Promise<unknown>) => {
    setBusy(name);
    try {
      await deed();
    } catch (thrown) {
      toast(asDataError(thrown).message, 'danger');
    }
    setBusy(null);
  };
  const setActive = (theme: Theme, active: boolean) =>
    attempt(`active ${theme.slug}`, async () => {
      const { value: newest, etag } = await themes.read(theme.slug);
      await themes.replace(theme.slug, { ...newest, active }, etag);
      toast(t(active ? 'offers.activated' : 'offers.deactivated', { name: theme.name }));
      again();
    });
  const download = (theme: Theme) =>
    attempt(`download ${theme.slug}`, async () => saveFile(await source.platform.exportTheme(theme.slug), `${theme.slug}-${theme.version}.upfront-theme.zip`));

  return (
    <>
      <PageHeader
        title={t('themes.title')}
        text={t('themes.text')}
        actions={
          canAct && (
            <>
              <Button icon="plus" onClick={() => setEditing('new')}>
                {t('themes.new')}
              </Button>
              <Button kind="primary" icon="upload" onClick={() => setUploading(true)}>
                {t('themes.upload')}
              </Button>
            </>
          )
        }
      />
      <Listed value={value} error={error} again={again} empty={{ icon: 'palette', title: t('themes.none'), text: t('themes.none.text') }}>
        {(items) => (
          <ul className={styles.cards}>
            {items.map((theme) => (
              <li key={theme.slug} className={`${styles.card} ${theme.active ? '' : styles.inactive}`}>
                {theme.preview ? (
                  <img className={styles.picture} src={theme.preview} alt={t('theme.picture', { theme: theme.name })} loading="lazy" />
                ) : (
                  <span className={`${styles.picture} ${styles.noPicture}`}>
                    <Icon name="palette" />
                  </span>
                )}
                <div className={styles.body}>
                  <div className={styles.head}>
                    <h2>{theme.name}</h2>
                    <ActiveBadge active={theme.active ?? true} />
                  </div>
                  <p className={styles.muted}>
                    <code>{theme.slug}</code> · {t('themes.version', { version: theme.version })}
                  </p>
                  <p>{theme.description}</p>
                  <ul className={styles.list}>
                    {theme.features?.map((line) => (
                      <li key={line}>
                        <Icon name="check" />
                        {line}
                      </li>
                    ))}
                  </ul>
                  <InUse to={`/stores?theme=${theme.slug}`} count={counts[theme.slug]} />
                </div>
                <div className={styles.actions}>
                  {canAct && (
                    <>
                      <Button size="small" icon="edit" busy={busy === `edit ${theme.slug}`} aria-label={t('offers.editOne', { name: theme.name })} onClick={() => void attempt(`edit ${theme.slug}`, async () => setEditing(await themes.read(theme.slug)))}>
                        {t('offers.edit')}
                      </Button>
                      <Button size="small" busy={busy === `active ${theme.slug}`} aria-label={t(theme.active ? 'offers.deactivateOne' : 'offers.activateOne', { name: theme.name })} onClick={() => void setActive(theme, !theme.active)}>
                        {t(theme.active ? 'offers.deactivate' : 'offers.activate')}
                      </Button>
                    </>
                  )}
                  <Button size="small" square icon="download" busy={busy === `download ${theme.slug}`} aria-label={t('themes.downloadOne', { name: theme.name })} title={t('themes.download')} onClick={() => void download(theme)} />
                  {canAct && <Button size="small" kind="quiet" square icon="trash" aria-label={t('offers.deleteOne', { name: theme.name })} title={t('offers.delete')} onClick={() => setDeleting(theme)} />}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Listed>
      {editing && (
        <ThemeDialog
          found={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={(saved) => {
            toast(t('offers.saved', { name: saved.name }));
            setEditing(null);
            again();
          }}
        />
      )}
      {uploading && (
        <UploadDialog
          onClose={() => setUploading(false)}
          onDone={(imported) => {
            toast(t('themes.imported', { theme: imported.slug }));
            setUploading(false);
            again();
          }}
        />
      )}
      {deleting && (
        <DeleteDialog
          title={t('offers.delete.title', { name: deleting.name })}
          text={t('themes.delete.text')}
          onClose={() => setDeleting(null)}
          onConfirm={async () => {
            await themes.remove(deleting.slug);
            toast(t('offers.deleted', { name: deleting.name }));
            again();
          }}
        />
      )}
    </>
  );
}
