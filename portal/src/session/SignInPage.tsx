import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { asDataError } from '../data/errors';
import { t } from '../texts';
import { Badge, Button, Icon, Notice, Spinner, TextField } from '../ui';
import type { FirebaseIdentity } from './firebase';
import type { LocalAccount, LocalIdentity } from './local';
import { useSession } from './SessionProvider';
import styles from './session.module.css';

export function SignInPage() {
  const { config, identity, ended } = useSession();
  useEffect(() => {
    document.title = t('app.title', { page: t('signIn.title') });
  }, []);
  return (
    <main className={styles.page}>
      <div className={styles.panel}>
        <span className={styles.mark}>
          <Icon name="store" />
        </span>
        <h1>{t('app.name')}</h1>
        <p className={styles.text}>{t('signIn.text')}</p>
        {ended && (
          <Notice tone="info" title={t('signIn.ended')}>
            {t('signIn.ended.text')}
          </Notice>
        )}
        {config.sign_in === 'local' ? <LocalSignIn identity={identity as LocalIdentity} /> : <FirebaseSignIn identity={identity as FirebaseIdentity} google={config.firebase?.google ?? false} />}
      </div>
    </main>
  );
}

function LocalSignIn({ identity }: { identity: LocalIdentity }) {
  const [accounts, setAccounts] = useState<LocalAccount[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    const ending = new AbortController();
    identity.accounts(ending.signal).then(
      (found) => {
        setAccounts(found);
        setProblem(null);
      },
      (thrown: unknown) => ending.signal.aborted || setProblem(explain(thrown)),
    );
    return () => ending.abort();
  }, [identity, turn]);

  const signIn = async (email: string) => {
    setBusy(email);
    try {
      await identity.signIn(email);
    } catch (thrown) {
      setProblem(explain(thrown));
      setBusy(null);
    }
  };
  return (
    <>
      <p className={styles.local}>{t('signIn.local')}</p>
      {problem && (
        <Notice tone="danger" urgent title={t('signIn.failed')} actions={<Button size="small" icon="refresh" onClick={() => setTurn(turn + 1)}>{t('ui.tryAgain')}</Button>}>
          {problem}
        </Notice>
      )}
      {!accounts && !problem && <Spinner label={t('ui.loading')} />}
      {accounts?.length === 0 && <Notice tone="neutral">{t('signIn.noAccounts')}</Notice>}
      {accounts && (
        <ul className={styles.accounts}>
          {accounts.map((account) => (
            <li key={account.email}>
              <button type="button" className={styles.account} disabled={busy !== null} title={t('signIn.as', { email: account.email })} onClick={() => void signIn(account.email)}>
                <span className={styles.avatar} aria-hidden="true">
                  {busy === account.email ? <Spinner /> : account.email.slice(0, 1).toUpperCase()}
                </span>
                <span className={styles.email}>{account.email}</span>
                <Badge tone={account.role === 'admin' ? 'info' : 'neutral'}>{account.role ?? t('signIn.noRole')}</Badge>
                <Icon name="chevronRight" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function FirebaseSignIn({ identity, google }: { identity: FirebaseIdentity; google: boolean }) {
  const [opened] = useState(() => identity.hasLink);
  const [known] = useState(() => (identity.hasLink ? identity.knownAddress : null));
  const [email, setEmail] = useState(identity.knownAddress ?? '');
  const [sent, setSent] = useState(false);
  // A link that is opened where it was asked for needs nothing more to be typed.
  const [busy, setBusy] = useState<'link' | 'google' | null>(known ? 'link' : null);
  const [problem, setProblem] = useState<string | null>(null);

  const finish = useCallback((deed: Promise<void>) => {
    deed.catch((thrown: unknown) => setProblem(explain(thrown))).finally(() => setBusy(null));
  }, []);
  const attempt = (kind: 'link' | 'google', deed: () => Promise<void>) => {
    setBusy(kind);
    setProblem(null);
    finish(deed());
  };
  useEffect(() => {
    if (known) finish(signInByLink(identity, known));
  }, [identity, known, finish]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!email || busy) return;
    attempt('link', async () => {
      if (opened) return signInByLink(identity, email);
      await identity.sendLink(email);
      setSent(true);
    });
  };
  if (sent) {
    return (
      <Notice
        tone="success"
        icon="mail"
        title={t('signIn.sent')}
        actions={
          <Button size="small" onClick={() => setSent(false)}>
            {t('signIn.otherAddress')}
          </Button>
        }
      >
        {t('signIn.sent.text', { email })}
      </Notice>
    );
  }
  return (
    <>
      {problem && (
        <Notice tone="danger" urgent title={t('signIn.failed')}>
          {problem}
        </Notice>
      )}
      <form className={styles.form} onSubmit={submit}>
        {opened && <p>{t('signIn.confirmEmail')}</p>}
        <TextField label={t('signIn.email')} type="email" autoComplete="email" value={email} onChange={setEmail} required />
        <Button type="submit" kind="primary" size="large" icon="mail" wide busy={busy === 'link'}>
          {t(opened ? 'signIn.confirm' : 'signIn.sendLink')}
        </Button>
      </form>
      {google && !opened && (
        <>
          <p className={styles.or}>
            <span>{t('signIn.or')}</span>
          </p>
          <Button size="large" wide busy={busy === 'google'} onClick={() => attempt('google', () => identity.withGoogle())}>
            {t('signIn.google')}
          </Button>
        </>
      )}
    </>
  );
}

/** Signs in, and takes the link's secrets out of the address. */
async function signInByLink(identity: FirebaseIdentity, email: string): Promise<void> {
  await identity.useLink(email);
  window.history.replaceState(null, '', window.location.pathname);
}

function explain(thrown: unknown): string {
  const error = asDataError(thrown);
  return error.status === 0 && error.code === 'OFFLINE' && !(thrown instanceof Error && 'customData' in thrown) ? t('signIn.offline') : error.message;
}
