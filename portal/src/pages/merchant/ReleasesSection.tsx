import { useCallback, useState } from 'react';
import { asDataError, useCanAct, useSource, type Release, type Releases } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { n, t } from '../../texts';
import { Ago, Badge, Button, ButtonLink, Card, duration, Empty, Icon, moment, Table, useToast, type Column } from '../../ui';
import { actorName, short } from './facts';
import { Paged } from './Paged';
import type { SectionProps } from './section';
import { Publication } from './Publication';
import { ReleaseDialog } from './ReleaseDialog';
import styles from './ReleasesSection.module.css';
import { usePages } from './usePages';

type Asked = { kind: 'promote'; release: string; name: string } | { kind: 'revert'; release: string } | null;

/** What visitors see, what they saw, and what they could see. */
export default function ReleasesSection({ store, refresh }: SectionProps) {
  const { stores } = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const id = store.store_id;
  const [head, setHead] = useState<Releases | null>(null);
  const load = useCallback(
    async (cursor: string | undefined) => {
      const page = await stores.releases(id, { cursor, limit: 20 });
      if (cursor === undefined) setHead(page);
      return page;
    },
    [stores, id],
  );
  const pages = usePages<Release>(load);
  const [asked, setAsked] = useState<Asked>(null);
  const [shown, setShown] = useState<Release | null>(null);
  const [ordered, setOrdered] = useState<string | null>(null);
  const [looking, setLooking] = useState<string | null>(null);
  const [ordering, setOrdering] = useState(false);
  const [refusal, setRefusal] = useState<ReturnType<typeof asDataError> | null>(null);

  // Who has just gone back goes on by naming a release.
  const back = store.deployment?.reason === 'revert' ? null : head?.previous;
  const renew = () => {
    pages.again();
    refresh();
  };
  const look = async (release: string) => {
    setLooking(release);
    setRefusal(null);
    // Opened at once: a window that opens after waiting is blocked as one that nobody asked for.
    const tab = window.open('about:blank', '_blank');
    try {
      const { link } = await stores.previewRelease(id, release);
      if (tab) {
        tab.opener = null;
        tab.location.replace(link);
      }
      renew();
    } catch (thrown) {
      tab?.close();
      setRefusal(asDataError(thrown));
    }
    setLooking(null);
  };
  const publish = async () => {
    setOrdering(true);
    setRefusal(null);
    try {
      setOrdered((await stores.publish(id)).provisioning_id);
    } catch (thrown) {
      setRefusal(asDataError(thrown));
    }
    setOrdering(false);
  };
  const act = async () => {
    if (asked === null) return;
    const done = asked.kind === 'promote' ? await stores.promote(id, asked.release) : await stores.revert(id, null);
    toast(t(done.changed ? 'releases.changed' : 'releases.unchanged', { release: short(done.live) }));
    renew();
  };

  const columns: Column<Release>[] = [
    {
      key: 'release',
      title: t('releases.release'),
      phone: 'heading',
      cell: (one) => (
        <span className={styles.release}>
          <button type="button" className={styles.id} onClick={() => setShown(one)} aria-label={t('releases.show', { release: short(one.id) })}>
            <code>{short(one.id)}</code>
          </button>
          <State release={one} previous={head?.previous === one.id} />
        </span>
      ),
    },
    {
      key: 'made',
      title: t('releases.made'),
      cell: (one) => (
        <span className={styles.two}>
          <Ago time={one.record.created_at} />
          <span className={styles.muted}>{t(`releases.reason.${one.record.reason}`)}</span>
        </span>
      ),
    },
    {
      key: 'theme',
      title: t('outcome.theme'),
      phone: 'hidden',
      cell: (one) => (
        <span className={styles.muted}>
          {one.record.theme.slug} {one.record.theme.version}
        </span>
      ),
    },
    {
      key: 'size',
      title: t('releases.size'),
      phone: 'hidden',
      cell: (one) => (
        <span className={styles.muted}>
          {n('releases.pages', one.record.stats.pages)}, {duration(one.record.stats.seconds * 1000)}
        </span>
      ),
    },
    { key: 'by', title: t('releases.by'), phone: 'hidden', cell: (one) => <span className={styles.muted}>{actorName(one.record.actor)}</span> },
    {
      key: 'actions',
      title: t('merchants.actions'),
      align: 'right',
      cell: (one) =>
        one.record.state === 'REJECTED' ? (
          <Button size="small" onClick={() => setShown(one)}>
            {t('merchants.seeWhy')}
          </Button>
        ) : (
          canAct &&
          !one.live && (
            <span className={styles.rowActs}>
            <Button size="small" icon="globe" busy={looking === one.id} aria-label={`${t('releases.preview')}: ${short(one.id)}`} onClick={() => void look(one.id)}>
              {t('releases.preview')}
            </Button>
            <Button size="small" aria-label={`${t('releases.promote')}: ${short(one.id)}`} onClick={() => setAsked({ kind: 'promote', release: one.id, name: short(one.id) })}>
              {t('releases.promote')}
            </Button>
            </span>
          )
        ),
    },
  ];
  return (
    <div className={styles.page}>
      {ordered && (
        <Publication key={ordered} provisioningId={ordered} texts={{ running: t('publication.running'), done: t('publication.done') }} onOver={renew} onDismiss={() => setOrdered(null)} />
      )}
      {refusal && <Refusal error={refusal} />}
      <Channels head={head} canAct={canAct} onPromote={(release, name) => setAsked({ kind: 'promote', release, name })} />
      <Card
        flush
        title={t('releases.title')}
        actions={
          canAct && (
            <>
              <Button size="small" icon="undo" disabled={!back} onClick={() => back && setAsked({ kind: 'revert', release: back })}>
                {t('releases.revert')}
              </Button>
              <Button size="small" icon="refresh" busy={ordering} onClick={() => void publish()}>
                {t('releases.publish')}
              </Button>
            </>
          )
        }
      >
        <Paged
          {...pages}
          error={pages.error?.status === 404 ? null : pages.error}
          items={pages.error?.status === 404 ? [] : pages.items}
          empty={
            <Empty icon="package" title={t('releases.none.title')}>
              {t('releases.none.text')}
            </Empty>
          }
        >
          <Table label={t('releases.title')} columns={columns} rows={pages.items ?? []} rowKey={(one) => one.id} />
        </Paged>
      </Card>
      {shown && <ReleaseDialog release={shown} onClose={() => setShown(null)} />}
      {asked && (
        <ConfirmDialog
          title={t(asked.kind === 'promote' ? 'releases.promote.title' : 'releases.revert.title')}
          action={t(asked.kind === 'promote' ? 'releases.promote' : 'releases.revert')}
          onConfirm={act}
          onClose={() => setAsked(null)}
        >
          <p>{asked.kind === 'promote' ? t('releases.promote.text', { release: asked.name }) : t('releases.revert.text', { release: short(asked.release) })}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function State({ release, previous }: { release: Release; previous: boolean }) {
  if (release.live) {
    return (
      <Badge tone="success" icon="globe">
        {t('releases.live')}
      </Badge>
    );
  }
  if (release.record.state === 'REJECTED') {
    return (
      <Badge tone="danger" icon="alert">
        {t('releases.rejected')}
      </Badge>
    );
  }
  return previous ? <Badge icon="undo">{t('releases.previous')}</Badge> : null;
}

interface ChannelsProps {
  head: Releases | null;
  canAct: boolean;
  onPromote(release: string, name: string): void;
}

/** What those see who hold a link. */
function Channels({ head, canAct, onPromote }: ChannelsProps) {
  if (!head || head.channels.length === 0) return null;
  return (
    <Card title={t('channels.title')}>
      <ul className={styles.channels}>
        {head.channels.map((channel) => (
          <li key={channel.name}>
            <Icon name="globe" />
            <span className={styles.channel}>
              <span>
                <code>{channel.name}</code> <span className={styles.muted}>{t('channels.shows', { release: short(channel.release) })}</span>
              </span>
              <span className={styles.muted}>{t('channels.until', { when: moment(channel.expires_at), who: actorName(channel.actor) })}</span>
            </span>
            <span className={styles.acts}>
              {channel.link && (
                <ButtonLink size="small" href={channel.link} target="_blank" rel="noopener" iconAfter="external">
                  {t('channels.open')}
                </ButtonLink>
              )}
              {canAct && channel.release !== head.live && (
                <Button size="small" onClick={() => onPromote(channel.name, short(channel.release))}>
                  {t('releases.promote')}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

