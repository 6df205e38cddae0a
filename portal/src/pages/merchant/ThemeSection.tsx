import { useCallback, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useCanAct, useLoaded, useSource, type StoreThemeSummary, type Switched } from '../../data';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { Unavailable } from '../../shell/Unavailable';
import { t } from '../../texts';
import { Badge, Button, Dialog, Icon, Spinner } from '../../ui';
import type { SectionProps } from './section';
import { Publication } from './Publication';
import { ThemeEditor } from './ThemeEditor';
import styles from './ThemeSection.module.css';

interface Ordered {
  id: string;
  kind: 'publish' | 'preview' | 'switch';
  link?: string;
}

/** The theme that the store has, those that it could have, and what it makes of each. */
export default function ThemeSection({ store, refresh }: SectionProps) {
  const source = useSource();
  const canAct = useCanAct();
  const id = store.store_id;
  const load = useCallback(() => Promise.all([source.stores.themes(id), source.themes().catch(() => [])]), [source, id]);
  const { value, error, again } = useLoaded(load);
  const [parameters, setParameters] = useSearchParams();
  const [wanted, setWanted] = useState<StoreThemeSummary | null>(null);
  const [switched, setSwitched] = useState<Switched | null>(null);
  const [ordered, setOrdered] = useState<Ordered | null>(null);
  if (error) return <Unavailable error={error} again={again} />;
  if (!value) {
    return (
      <div className={styles.loading}>
        <Spinner size="large" label={t('ui.loading')} />
      </div>
    );
  }
  const [themes, entries] = value;
  const live = themes.find((one) => one.live);
  const chosen = themes.find((one) => one.slug === parameters.get('theme')) ?? live ?? themes[0];
  const choose = (slug: string) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (slug === live?.slug) after.delete('theme');
        else after.set('theme', slug);
        return after;
      },
      { replace: true },
    );
  const renew = () => {
    again();
    refresh();
  };
  return (
    <div className={styles.page}>
      {ordered && (
        <Publication
          key={ordered.id}
          provisioningId={ordered.id}
          texts={{ running: t(ordered.kind === 'preview' ? 'preview.running' : 'publication.running'), done: t(ordered.kind === 'preview' ? 'preview.done' : 'publication.done') }}
          actions={
            ordered.kind === 'preview' ? (
              <a className={styles.open} href={ordered.link} target="_blank" rel="noopener">
                {t('channels.open')}
                <Icon name="external" />
              </a>
            ) : (
              <a className={styles.open} href={store.website} target="_blank" rel="noopener">
                {t('outcome.openStore')}
                <Icon name="external" />
              </a>
            )
          }
          onOver={renew}
          onDismiss={() => setOrdered(null)}
        />
      )}
      <ul className={styles.themes} aria-label={t('themes.choose')}>
        {themes.map((theme) => (
          <ThemeCard
            key={theme.slug}
            theme={theme}
            picture={entries.find((entry) => entry.slug === theme.slug)?.preview ?? null}
            shown={theme.slug === chosen?.slug}
            onShow={() => choose(theme.slug)}
            onUse={canAct && !theme.live ? () => setWanted(theme) : undefined}
          />
        ))}
      </ul>
      {chosen && (
        <ThemeEditor
          key={`${id} ${chosen.slug}`}
          store={store}
          slug={chosen.slug}
          name={chosen.name}
          live={chosen.live}
          onOrdered={(order) => setOrdered(order)}
          onChanged={again}
        />
      )}
      {wanted && (
        <ConfirmDialog
          title={t('themes.switch.title', { theme: wanted.name })}
          action={t('themes.use')}
          onConfirm={async () => {
            const done = await source.stores.switchTheme(id, wanted.slug);
            setSwitched(done);
            setOrdered({ id: done.provisioning_id, kind: 'switch' });
            renew();
            choose(wanted.slug);
          }}
          onClose={() => setWanted(null)}
        >
          <p>{t('themes.switch.text', { before: live?.name ?? '', now: wanted.name })}</p>
        </ConfirmDialog>
      )}
      {switched && !wanted && (switched.carried.length > 0 || switched.unmatched.length > 0) && <SwitchDialog switched={switched} onClose={() => setSwitched(null)} />}
    </div>
  );
}

interface ThemeCardProps {
  theme: StoreThemeSummary;
  picture: string | null;
  shown: boolean;
  onShow(): void;
  onUse?: () => void;
}

function ThemeCard({ theme, picture, shown, onShow, onUse }: ThemeCardProps) {
  return (
    <li className={`${styles.theme} ${shown ? styles.shown : ''}`}>
      {picture ? (
        <img className={styles.picture} src={picture} alt={t('theme.picture', { theme: theme.name })} loading="lazy" />
      ) : (
        <span className={styles.picture}>
          <Icon name="palette" />
        </span>
      )}
      <div className={styles.words}>
        <strong>{theme.name}</strong>
        <span className={styles.muted}>{theme.version}</span>
        <span className={styles.badges}>
          {theme.live && (
            <Badge tone="success" icon="check">
              {t('themes.live')}
            </Badge>
          )}
          {theme.has_draft && <Badge tone="warning">{t('themes.draft')}</Badge>}
          {theme.revision > 0 && !theme.live && <Badge>{t('themes.kept')}</Badge>}
        </span>
      </div>
      <div className={styles.acts}>
        <Button size="small" aria-pressed={shown} aria-label={`${t('themes.settings')}: ${theme.name}`} onClick={onShow}>
          {t('themes.settings')}
        </Button>
        {onUse && (
          <Button size="small" aria-label={`${t('themes.use')}: ${theme.name}`} onClick={onUse}>
            {t('themes.use')}
          </Button>
        )}
      </div>
    </li>
  );
}

function SwitchDialog({ switched, onClose }: { switched: Switched; onClose(): void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('themes.switched.title')}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('ui.done')}
        </Button>
      }
    >
      <div className={styles.page}>
        {switched.carried.length > 0 && (
          <div>
            <h3>{t('themes.carried', { n: switched.carried.length })}</h3>
            <ul className={styles.fields}>
              {switched.carried.map((pair) => (
                <li key={String(pair[0])}>
                  <code>{String(pair[0])}</code>
                  {pair[0] !== pair[1] && (
                    <>
                      {' → '}
                      <code>{String(pair[1])}</code>
                    </>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
        {switched.unmatched.length > 0 && (
          <div>
            <h3>{t('themes.unmatched', { n: switched.unmatched.length })}</h3>
            <p className={styles.muted}>{t('themes.unmatched.text')}</p>
            <ul className={styles.fields}>
              {switched.unmatched.map((field) => (
                <li key={field}>
                  <code>{field}</code>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Dialog>
  );
}
