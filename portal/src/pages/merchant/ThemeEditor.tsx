import { useCallback, useEffect, useState } from 'react';
import { useBlocker } from 'react-router';
import { asDataError, useCanAct, useLoaded, useSource, type Customisation, type DataError, type Marked, type StoreTheme, type StoreView } from '../../data';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { t } from '../../texts';
import { Badge, Button, Card, Notice, SelectField, Spinner, useToast } from '../../ui';
import { baseOf, choosePreset, chosenOf, countOwn, errorsByField, pagesOf, same, setValue, valuesOf } from './customisation';
import { PagesForm } from './PagesForm';
import { Revisions } from './Revisions';
import { SettingsForm } from './SettingsForm';
import styles from './ThemeEditor.module.css';

interface ThemeEditorProps {
  store: StoreView;
  slug: string;
  name: string;
  live: boolean;
  onOrdered(order: { id: string; kind: 'publish' | 'preview'; link?: string }): void;
  /** Drafts or revisions have changed. */
  onChanged(): void;
}

/** The form of a theme's settings, made from what the theme declares. */
export function ThemeEditor(props: ThemeEditorProps) {
  const { stores } = useSource();
  const { store, slug } = props;
  const load = useCallback(() => stores.theme(store.store_id, slug), [stores, store.store_id, slug]);
  const { value, error, loading, again } = useLoaded(load);
  if (error) {
    return (
      <Notice tone="danger" urgent title={t('themeEditor.unavailable')} actions={<Button onClick={again}>{t('ui.tryAgain')}</Button>}>
        {error.message}
      </Notice>
    );
  }
  if (!value) {
    return (
      <div className={styles.loading}>
        <Spinner size="large" label={t('ui.loading')} />
      </div>
    );
  }
  return <Editor {...props} read={value} renewing={loading} again={again} />;
}

type Doing = 'save' | 'preview' | 'publish' | null;

function Editor({ store, slug, name, live, onOrdered, onChanged, read, renewing, again }: ThemeEditorProps & { read: Marked<StoreTheme>; renewing: boolean; again(): void }) {
  const { stores } = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const theme = read.value;
  // What is edited begins with what was read, and stays when something else is read meanwhile, until it is given up.
  const [edited, setEdited] = useState<{ from: Marked<StoreTheme>; chosen: Customisation } | null>(null);
  // It is given up when the new is read: until then it stands there, and nobody edits it further.
  const [givenUp, setGivenUp] = useState(false);
  if (givenUp && !renewing) {
    setGivenUp(false);
    setEdited(null);
  }
  const kept = chosenOf(theme);
  const chosen = edited?.chosen ?? kept;
  const dirty = !renewing && !same(chosen, kept);
  const [doing, setDoing] = useState<Doing>(null);
  const busy = doing !== null || renewing;
  const [failure, setFailure] = useState<DataError | null>(null);
  const [part, setPart] = useState('settings:0');
  const [discarding, setDiscarding] = useState(false);
  const errors = errorsByField(failure?.fields ?? []);
  const change = (after: Customisation) => setEdited((before) => ({ from: before?.from ?? read, chosen: after }));

  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && (currentLocation.pathname !== nextLocation.pathname || currentLocation.search !== nextLocation.search));
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);

  const renew = () => {
    setGivenUp(true);
    again();
    onChanged();
  };
  /** Whether there was anything to save. */
  const save = async () => {
    if (dirty) await stores.saveDraft(store.store_id, slug, chosen, (edited?.from ?? read).etag);
    return dirty;
  };
  const run = async (what: Exclude<Doing, null>, deed: () => Promise<void>) => {
    setDoing(what);
    setFailure(null);
    let changed = false;
    try {
      changed = await save();
      await deed();
      changed = true;
    } catch (thrown) {
      setFailure(asDataError(thrown));
    }
    // Also where what was saved could not be published: the draft is another one now.
    if (changed) renew();
    setDoing(null);
  };
  const preview = () =>
    run('preview', async () => {
      const ordered = await stores.previewTheme(store.store_id, slug);
      onOrdered({ id: ordered.provisioning_id, kind: 'preview', link: ordered.link });
    });
  const publish = () =>
    run('publish', async () => {
      const ordered = await stores.publishDraft(store.store_id, slug);
      onOrdered({ id: ordered.provisioning_id, kind: 'publish' });
    });
  const [kind, at] = [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)];
  const places = { theme, storeId: store.store_id, chosen, errors, disabled: !canAct || busy, onChange: change };
  return (
    <>
      <Card
        title={t('themeEditor.title', { theme: name })}
        actions={
          <span className={styles.state}>
            {dirty ? (
              <Badge tone="warning" icon="dot">
                {t('themeEditor.unsaved')}
              </Badge>
            ) : theme.draft ? (
              <Badge tone="info">{t('themeEditor.draft')}</Badge>
            ) : (
              <Badge>{theme.revision ? t('themeEditor.published', { n: theme.revision }) : t('themeEditor.untouched')}</Badge>
            )}
            <span className={styles.muted}>{t('themeEditor.own', { n: countOwn(chosen) })}</span>
          </span>
        }
      >
        <Failure
          failure={failure}
          onReload={() => {
            setFailure(null);
            renew();
          }}
        />
        {theme.dropped.length > 0 && (
          <div className={styles.note}>
            <Notice tone="warning" title={t('themeEditor.dropped')}>
              <ul>
                {theme.dropped.map((one) => (
                  <li key={`${one.field} ${one.code}`}>
                    <code>{one.field}</code> {one.message}
                  </li>
                ))}
              </ul>
            </Notice>
          </div>
        )}
        <div className={styles.columns}>
          <Contents theme={theme} part={part} errors={errors} onChoose={setPart} />
          <div className={styles.form}>
            {kind === 'settings' && at === '0' && theme.presets.length > 1 && (
              <SelectField
                label={t('themeEditor.preset')}
                hint={t('themeEditor.preset.hint')}
                error={errors.preset}
                value={chosen.preset ?? theme.preset}
                disabled={!canAct || busy}
                onChange={(preset) => change(choosePreset(theme, chosen, preset))}
                options={theme.presets.map((preset) => ({ value: preset, label: preset.charAt(0).toUpperCase() + preset.slice(1) }))}
              />
            )}
            {kind === 'settings' ? (
              <SettingsForm
                key={part}
                storeId={store.store_id}
                title={theme.settings[Number(at)]?.name ?? ''}
                settings={theme.settings[Number(at)]?.settings ?? []}
                values={valuesOf(theme, chosen)}
                base={baseOf(theme, chosen)}
                globals={valuesOf(theme, chosen)}
                scope="settings"
                field={(id) => `settings.${id}`}
                errors={errors}
                labels={labelsOf(theme)}
                fonts={theme.fonts}
                disabled={!canAct || busy}
                onChange={(id, value) => change(setValue(theme, chosen, id, value))}
              />
            ) : (
              <PagesForm key={part} page={at} {...places} />
            )}
          </div>
        </div>
        {canAct && (
          <div className={styles.bar}>
            {(dirty || theme.draft) && (
              <Button kind="quiet" disabled={busy} onClick={() => setDiscarding(true)}>
                {t(theme.draft ? 'themeEditor.discard' : 'themeEditor.undo')}
              </Button>
            )}
            <span className={styles.gap} />
            <Button busy={doing === 'save'} disabled={doing !== 'save' && (busy || !dirty)} onClick={() => void run('save', () => Promise.resolve(toast(t('themeEditor.saved'))))}>
              {t('themeEditor.save')}
            </Button>
            <Button icon="globe" busy={doing === 'preview'} disabled={doing !== 'preview' && busy} onClick={() => void preview()}>
              {t('themeEditor.preview')}
            </Button>
            <Button kind="primary" busy={doing === 'publish'} disabled={doing !== 'publish' && (busy || (!dirty && !theme.draft))} onClick={() => void publish()}>
              {t(live ? 'themeEditor.publish' : 'themeEditor.keep')}
            </Button>
          </div>
        )}
      </Card>
      <Revisions storeId={store.store_id} slug={slug} revision={theme.revision} onRestored={renew} />
      {discarding && (
        <ConfirmDialog
          kind="danger"
          title={t('themeEditor.discard.title')}
          action={t('themeEditor.discard.confirm')}
          onConfirm={async () => {
            if (theme.draft) await stores.discardDraft(store.store_id, slug);
            renew();
          }}
          onClose={() => setDiscarding(false)}
        >
          <p>{t('themeEditor.discard.text')}</p>
        </ConfirmDialog>
      )}
      {blocker.state === 'blocked' && (
        <ConfirmDialog kind="danger" title={t('themeEditor.leave.title')} action={t('themeEditor.leave')} onConfirm={() => Promise.resolve(blocker.proceed())} onClose={() => blocker.state === 'blocked' && blocker.reset()}>
          <p>{t('themeEditor.leave.text')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function labelsOf(theme: StoreTheme): Record<string, string> {
  return Object.fromEntries(theme.settings.flatMap((group) => group.settings.flatMap((one) => (one.id ? [[one.id, one.label ?? one.id]] : []))));
}

function Failure({ failure, onReload }: { failure: DataError | null; onReload(): void }) {
  if (!failure) return null;
  const overtaken = failure.status === 412 || failure.code === 'CHANGED_MEANWHILE';
  return (
    <div className={styles.note}>
      <Notice
        tone="danger"
        urgent
        title={t(overtaken ? 'themeEditor.overtaken' : failure.fields.length ? 'themeEditor.wrong' : 'refusal.title')}
        actions={overtaken && <Button onClick={onReload}>{t('themeEditor.theirs')}</Button>}
      >
        {failure.fields.length ? (
          <ul>
            {failure.fields.map((one) => (
              <li key={`${one.field} ${one.code}`}>
                <code>{one.field}</code> {one.message}
              </li>
            ))}
          </ul>
        ) : (
          t(overtaken ? 'themeEditor.overtaken.text' : 'themeEditor.why', { why: failure.message })
        )}
      </Notice>
    </div>
  );
}

interface ContentsProps {
  theme: StoreTheme;
  part: string;
  errors: Record<string, string>;
  onChoose(part: string): void;
}

/** What there is to set: groups for the whole store, then page by page. On a phone a list to choose from. */
function Contents({ theme, part, errors, onChoose }: ContentsProps) {
  const groups = theme.settings.map((group, index) => ({
    value: `settings:${index}`,
    label: group.name,
    wrong: group.settings.some((one) => one.id !== undefined && `settings.${one.id}` in errors),
  }));
  const pages = inOrder(pagesOf(theme.sections).map(({ page }) => page)).map((page) => ({
    value: `page:${page}`,
    label: pageName(page),
    wrong: Object.keys(errors).some((field) => field.startsWith(`sections.${page}/`)),
  }));
  return (
    <div className={styles.contents}>
      <div className={styles.phone}>
        <SelectField label={t('themeEditor.part')} value={part} onChange={onChoose} options={[...groups, ...pages]} />
      </div>
      <nav className={styles.wide} aria-label={t('themeEditor.part')}>
        <h3>{t('themeEditor.everywhere')}</h3>
        <Links items={groups} part={part} onChoose={onChoose} />
        <h3>{t('themeEditor.pages')}</h3>
        <Links items={pages} part={part} onChoose={onChoose} />
      </nav>
    </div>
  );
}

function Links({ items, part, onChoose }: { items: readonly { value: string; label: string; wrong: boolean }[]; part: string; onChoose(part: string): void }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item.value}>
          <button type="button" className={styles.link} aria-current={item.value === part ? 'true' : undefined} onClick={() => onChoose(item.value)}>
            {item.label}
            {item.wrong && <span className={styles.dot} role="img" aria-label={t('form.wrongHere')} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

const PAGES = {
  header: 'themePage.header',
  index: 'themePage.index',
  collection: 'themePage.collection',
  'list-collections': 'themePage.collections',
  product: 'themePage.product',
  cart: 'themePage.cart',
  search: 'themePage.search',
  page: 'themePage.page',
  'page.contact': 'themePage.contact',
  policy: 'themePage.policy',
  footer: 'themePage.footer',
  password: 'themePage.password',
  maintenance: 'themePage.maintenance',
  // A number-like name would come first in any object.
  _404: 'themePage.404',
} as const;

function keyOf(page: string): string {
  return page === '404' ? '_404' : page;
}

/** As a visitor meets them; pages that only this theme knows come last. */
function inOrder(pages: readonly string[]): string[] {
  const known = Object.keys(PAGES);
  const place = (page: string) => (known.includes(keyOf(page)) ? known.indexOf(keyOf(page)) : known.length);
  return [...pages].sort((a, b) => place(a) - place(b));
}

/** A page that only this theme knows is shown by its own name. */
function pageName(page: string): string {
  const key = keyOf(page);
  return key in PAGES ? t(PAGES[key as keyof typeof PAGES]) : page;
}
