import { useEffect, useRef, useState } from 'react';
import { NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { useCanAct } from '../data';
import { useSession } from '../session/SessionProvider';
import { t } from '../texts';
import { Badge, Button, Icon, unseen } from '../ui';
import { appearance, APPEARANCES, setAppearance, type Appearance } from './appearance';
import { navigation } from './navigation';
import styles from './Shell.module.css';

export function Shell() {
  const { config } = useSession();
  const canAct = useCanAct();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  // Going to a page is what loading one was: reading begins at its head.
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <header className={styles.bar}>
        <Button kind="quiet" square icon="menu" className={styles.burger} aria-label={t('nav.menu')} aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)} />
        <Brand />
      </header>
      <aside id="navigation" aria-label={t('nav.menu')} className={`${styles.side} ${open ? styles.open : ''}`}>
        <div className={styles.brandRow}>
          <Brand />
        </div>
        <nav aria-label={t('nav.label')} className={styles.nav}>
          <ul>
            {navigation(canAct, config.faults).map((item) => (
              <li key={item.to}>
                <NavLink to={item.to} className={styles.link ?? ''} onClick={() => setOpen(false)}>
                  <Icon name={item.icon} />
                  {t(item.text)}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className={styles.foot}>
          {config.runtime !== 'google' && <Badge icon="info">{t('nav.local')}</Badge>}
          <AppearanceSwitch />
          <Account />
        </div>
      </aside>
      <main id="content" ref={main} tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}

function Brand() {
  return (
    <span className={styles.brand}>
      <span className={styles.mark}>
        <Icon name="store" />
      </span>
      {t('app.name')}
    </span>
  );
}

const LOOKS = { system: 'nav.theme.system', light: 'nav.theme.light', dark: 'nav.theme.dark' } as const;

function AppearanceSwitch() {
  const [chosen, setChosen] = useState<Appearance>(appearance);
  const following = APPEARANCES[(APPEARANCES.indexOf(chosen) + 1) % APPEARANCES.length] ?? 'system';
  return (
    <Button
      kind="quiet"
      size="small"
      icon={chosen === 'dark' ? 'moon' : 'sun'}
      className={styles.appearance}
      onClick={() => {
        setAppearance(following);
        setChosen(following);
      }}
    >
      <span className={unseen}>{t('nav.theme')}: </span>
      {t(LOOKS[chosen])}
    </Button>
  );
}

function Account() {
  const { user, signOut } = useSession();
  if (!user) return null;
  return (
    <div className={styles.account}>
      <span className={styles.who}>
        <span className={unseen}>{t('nav.signedInAs')} </span>
        <span className={styles.email}>{user.email}</span>
        {user.role && <span className={styles.role}>{t(`role.${user.role}`)}</span>}
      </span>
      <Button kind="quiet" size="small" square icon="signOut" aria-label={t('nav.signOut')} title={t('nav.signOut')} onClick={signOut} />
    </div>
  );
}
