import { useState } from 'react';
import { useSource, type Marked, type Theme } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { useSession } from '../../session/SessionProvider';
import { t } from '../../texts';
import { Button, Dialog, Switch, TextAreaField, TextField } from '../../ui';
import styles from '../offers/offers.module.css';
import { toLines, useEntryForm } from '../offers/useEntryForm';
import { canBeShown } from './canBeShown';

interface ThemeDialogProps {
  found: Marked<Theme> | null;
  onClose(): void;
  onDone(saved: Theme): void;
}

const SHOWN = ['slug', 'name', 'description', 'version', 'preview', 'features', 'active'];

/** Offers a theme whose package is installed, or changes how it is offered. */
export function ThemeDialog({ found, onClose, onDone }: ThemeDialogProps) {
  const { platform } = useSource();
  const { config } = useSession();
  const [first] = useState<Theme>(() => found?.value ?? { slug: '', name: '', description: '', version: '1.0.0', active: false, preview: null, features: [] });
  const form = useEntryForm(platform.themes, first, found?.etag ?? null, found === null, onDone);
  const { value: theme, change, busy } = form;
  const [features, setFeatures] = useState((theme.features ?? []).join('\n'));
  const refusal = form.untold(SHOWN);
  // What stands there already hinders nobody who changes something else.
  const unseen = typeof theme.preview === 'string' && theme.preview !== first.preview && !canBeShown(theme.preview, config.store_domain);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      busy={busy}
      keep={form.touched}
      title={found ? t('themes.edit', { name: found.value.name }) : t('themes.new')}
      description={t(found ? 'themes.edit.text' : 'themes.new.text')}
      footer={
        <>
          <Button disabled={busy} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" type="submit" form="theme" busy={busy}>
            {t(found ? 'offers.save' : 'offers.create')}
          </Button>
        </>
      }
    >
      <form id="theme" className={styles.form} onSubmit={(event) => (unseen ? event.preventDefault() : form.submit(event))}>
        {refusal && <Refusal error={refusal} />}
        <TextField label={t('offers.name')} required maxLength={100} value={theme.name} onChange={(name) => change({ name })} error={form.wrong('name')} />
        <div className={styles.pair}>
          <TextField
            label={t('offers.slug')}
            required
            disabled={found !== null}
            value={theme.slug}
            onChange={(slug) => change({ slug })}
            error={form.wrong('slug')}
            hint={found ? t('offers.slug.fixed') : t('themes.slug.hint')}
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextField label={t('themes.versionOf')} required pattern="\d{1,4}\.\d{1,4}\.\d{1,4}" value={theme.version} onChange={(version) => change({ version })} error={form.wrong('version')} />
        </div>
        <TextAreaField label={t('offers.description')} required rows={3} maxLength={300} value={theme.description} onChange={(description) => change({ description })} error={form.wrong('description')} />
        <TextField label={t('themes.preview')} optional={t('form.optional')} hint={t('themes.preview.hint')} value={theme.preview ?? ''} onChange={(preview) => change({ preview: preview.trim() || null })} error={unseen ? t('themes.preview.wrong') : form.wrong('preview')} autoCapitalize="none" spellCheck={false} />
        <TextAreaField
          label={t('offers.features')}
          rows={4}
          hint={t('offers.features.hint')}
          value={features}
          onChange={(typed) => {
            setFeatures(typed);
            change({ features: toLines(typed) });
          }}
          error={form.wrong('features')}
        />
        <div>
          <Switch label={t('offers.active')} hint={form.wrong('active') ?? t('themes.active.hint')} checked={theme.active ?? true} onChange={(active) => change({ active })} />
        </div>
      </form>
    </Dialog>
  );
}
