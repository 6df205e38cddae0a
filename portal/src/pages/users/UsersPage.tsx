import { useCallback, useState, type FormEvent } from 'react';
import { asDataError, useCanAct, useLoaded, useSource, type DataError, type Role, type User } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { useSession } from '../../session/SessionProvider';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Badge, Button, Card, Choice, Dialog, Empty, Table, TextField, useToast, type Column } from '../../ui';
import { Muted, Name, RowActions } from '../lists/Cells';
import { Listed } from '../lists/Listed';
import styles from './UsersPage.module.css';

const ROLES: readonly Role[] = ['admin', 'support'];

export function Component() {
  const canAct = useCanAct();
  if (!canAct) {
    return (
      <>
        <PageHeader title={t('users.title')} />
        <Card>
          <Empty icon="users" title={t('users.adminsOnly')}>
            {t('users.adminsOnly.text')}
          </Empty>
        </Card>
      </>
    );
  }
  return <Users />;
}

function Users() {
  const { platform } = useSource();
  const { user: me } = useSession();
  const load = useCallback(() => platform.users().then((items) => ({ items })), [platform]);
  const { value, error, again } = useLoaded(load);
  const [granting, setGranting] = useState<User | 'new' | null>(null);
  const [revoking, setRevoking] = useState<User | null>(null);
  const toast = useToast();
  const admins = value?.items.filter((one) => one.role === 'admin' && !one.disabled).length ?? 0;

  const columns: Column<User>[] = [
    { key: 'email', title: t('users.email'), phone: 'heading', cell: (one) => <Name name={one.email} more={one.uid === me?.uid ? t('users.you') : undefined} /> },
    { key: 'role', title: t('users.role'), cell: (one) => <RoleBadge role={one.role} /> },
    { key: 'state', title: t('users.state'), cell: (one) => (one.disabled ? <Badge tone="warning" icon="dash">{t('users.disabled')}</Badge> : <Muted>{t('users.enabled')}</Muted>) },
    {
      key: 'actions',
      title: t('lists.actions'),
      align: 'right',
      cell: (one) => {
        if (one.uid === me?.uid) return <Muted>{t('users.ownRole')}</Muted>;
        if (one.role === 'admin' && admins === 1) return <Muted>{t('users.lastAdmin')}</Muted>;
        return (
          <RowActions>
            <Button size="small" aria-label={t('users.changeOne', { email: one.email })} onClick={() => setGranting(one)}>
              {t('users.change')}
            </Button>
            <Button size="small" icon="close" aria-label={t('users.revokeOne', { email: one.email })} onClick={() => setRevoking(one)}>
              {t('users.revoke')}
            </Button>
          </RowActions>
        );
      },
    },
  ];
  return (
    <>
      <PageHeader
        title={t('users.title')}
        text={t('users.text')}
        actions={
          <Button kind="primary" icon="plus" onClick={() => setGranting('new')}>
            {t('users.grant')}
          </Button>
        }
      />
      <Card flush>
        <Listed value={value} error={error} again={again} empty={{ icon: 'users', title: t('users.none'), text: t('users.none.text') }}>
          {(items) => <Table label={t('users.title')} columns={columns} rows={items} rowKey={(one) => one.uid} />}
        </Listed>
      </Card>
      {granting && <GrantDialog user={granting === 'new' ? null : granting} onClose={() => setGranting(null)} onDone={again} />}
      {revoking && (
        <ConfirmDialog
          title={t('users.revoke.title', { email: revoking.email })}
          action={t('users.revoke')}
          icon="close"
          kind="danger"
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await platform.takeRole(revoking.email);
            toast(t('users.revoked', { email: revoking.email }));
            again();
          }}
        >
          <p>{t('users.revoke.text')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function RoleBadge({ role }: { role: Role }) {
  return <Badge tone={role === 'admin' ? 'info' : 'neutral'}>{t(`users.${role}`)}</Badge>;
}

/** Gives somebody a role, or another one. */
function GrantDialog({ user, onClose, onDone }: { user: User | null; onClose(): void; onDone(): void }) {
  const { platform } = useSource();
  const toast = useToast();
  const [email, setEmail] = useState(user?.email ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'support');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<DataError | null>(null);
  const wrong = error?.fields.find((field) => field.field.includes('email'));

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const granted = await platform.setRole(email.trim(), role);
      toast(t('users.granted', { email: granted.email, role: t(`users.${granted.role}`) }));
      onDone();
      onClose();
    } catch (thrown) {
      setError(asDataError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      busy={busy}
      keep={email !== (user?.email ?? '')}
      title={user ? t('users.change.title', { email: user.email }) : t('users.grant')}
      description={t('users.grant.text')}
      footer={
        <>
          <Button disabled={busy} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" type="submit" form="grant" busy={busy} disabled={user?.role === role}>
            {t(user ? 'users.change' : 'users.grant')}
          </Button>
        </>
      }
    >
      <form id="grant" className={styles.form} onSubmit={(event) => void send(event)}>
        {!user && <TextField label={t('users.email')} type="email" required autoComplete="off" value={email} onChange={setEmail} error={wrong?.message} hint={t('users.email.hint')} />}
        <fieldset className={styles.roles}>
          <legend>{t('users.role')}</legend>
          {ROLES.map((value) => (
            <Choice key={value} name="role" value={value} checked={role === value} onChange={() => setRole(value)} className={styles.role}>
              <strong>{t(`users.${value}`)}</strong>
              <span className={styles.may}>{t(`users.${value}.may`)}</span>
            </Choice>
          ))}
        </fieldset>
        {error && !wrong && <Refusal error={error} />}
      </form>
    </Dialog>
  );
}
