import { useCallback, useState } from 'react';
import { Link } from 'react-router';
import { useLoaded, useSource, type AuditEntry } from '../../data';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Button, Card, Pager, Table, TextField, type Column } from '../../ui';
import { Ago, Muted, Name } from '../lists/Cells';
import { Listed } from '../lists/Listed';
import lists from '../lists/lists.module.css';
import { useListAddress } from '../lists/useListAddress';
import styles from './AuditLogPage.module.css';
import { placeOfSubject, sayAction, sayDetail, saySubject } from './entries';

export function Component() {
  const { platform } = useSource();
  const address = useListAddress();
  const [subject, actor, cursor] = [address.get('subject'), address.get('actor'), address.cursor];
  const load = useCallback(() => platform.auditLog({ subject, actor, cursor, limit: 50 }), [platform, subject, actor, cursor]);
  const { value, error, again } = useLoaded(load);

  const columns: Column<AuditEntry>[] = [
    { key: 'what', title: t('audit.what'), phone: 'heading', cell: (one) => <Name name={sayAction(one.action)} more={sayDetail(one.detail)} /> },
    { key: 'subject', title: t('audit.subject'), cell: (one) => <Subject entry={one} /> },
    {
      key: 'actor',
      title: t('audit.actor'),
      cell: (one) => (
        <Button kind="quiet" size="small" className={styles.filter} aria-label={t('audit.onlyActor', { actor: one.actor })} onClick={() => address.set({ actor: one.actor })}>
          <code>{one.actor}</code>
        </Button>
      ),
    },
    { key: 'at', title: t('audit.at'), align: 'right', cell: (one) => <Ago time={one.at} /> },
  ];
  return (
    <>
      <PageHeader
        title={t('audit.title')}
        text={t('audit.text')}
        actions={
          <Button icon="refresh" onClick={again}>
            {t('audit.refresh')}
          </Button>
        }
      />
      <Card flush>
        <Filters key={`${subject} ${actor}`} subject={subject} actor={actor} onApply={address.set} />
        <Listed value={value} error={error} again={again} empty={{ icon: 'list', title: t('audit.none'), text: t('audit.noneFits') }}>
          {(items) => <Table label={t('audit.title')} columns={columns} rows={items} rowKey={(one) => one.id} />}
        </Listed>
        <Pager page={address.page} hasNext={Boolean(value?.next_cursor)} onPrevious={address.previous} onNext={() => value?.next_cursor && address.next(value.next_cursor)} />
      </Card>
    </>
  );
}

interface FiltersProps {
  subject: string | undefined;
  actor: string | undefined;
  onApply(values: Record<string, string | undefined>): void;
}

/** The log is looked through by whole names: what is typed counts when it is sent off. */
function Filters({ subject, actor, onApply }: FiltersProps) {
  const [about, setAbout] = useState(subject ?? '');
  const [who, setWho] = useState(actor ?? '');
  return (
    <form
      className={lists.filters}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onApply({ subject: about.trim() || undefined, actor: who.trim() || undefined });
      }}
    >
      <TextField label={t('audit.subject')} value={about} onChange={setAbout} placeholder="stores/…" autoComplete="off" autoCapitalize="none" spellCheck={false} />
      <TextField label={t('audit.actor')} value={who} onChange={setWho} placeholder="admin:…" autoComplete="off" autoCapitalize="none" spellCheck={false} />
      <Button type="submit" icon="search">
        {t('audit.search')}
      </Button>
      {(subject ?? actor) && (
        <Button kind="quiet" onClick={() => onApply({ subject: undefined, actor: undefined })}>
          {t('audit.clear')}
        </Button>
      )}
    </form>
  );
}

function Subject({ entry }: { entry: AuditEntry }) {
  const place = placeOfSubject(entry.subject);
  const text = saySubject(entry.subject);
  return (
    <span className={styles.subject} title={entry.subject}>
      {place ? <Link to={place}>{text}</Link> : <Muted>{text}</Muted>}
    </span>
  );
}
