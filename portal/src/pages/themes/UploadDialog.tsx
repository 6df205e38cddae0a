import { useState } from 'react';
import { asDataError, useSource, type DataError, type ThemeImport } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { n, t } from '../../texts';
import { Button, Dialog, FileDrop, Notice, Spinner } from '../../ui';
import { Findings } from './Findings';
import { sumUp } from './findings';
import styles from './UploadDialog.module.css';

interface UploadDialogProps {
  onClose(): void;
  onDone(imported: ThemeImport): void;
}

/** Takes a theme's package: looked through first, kept when somebody says so. */
export function UploadDialog({ onClose, onDone }: UploadDialogProps) {
  const { platform } = useSource();
  const [file, setFile] = useState<File | null>(null);
  const [checked, setChecked] = useState<ThemeImport | null>(null);
  const [busy, setBusy] = useState<'check' | 'import' | null>(null);
  const [error, setError] = useState<DataError | null>(null);

  const send = async (chosen: File, dryRun: boolean) => {
    setBusy(dryRun ? 'check' : 'import');
    setError(null);
    try {
      const answer = await platform.importTheme(chosen, dryRun);
      if (dryRun) setChecked(answer);
      else onDone(answer);
    } catch (thrown) {
      setError(asDataError(thrown));
    }
    setBusy(null);
  };
  const choose = (chosen: File) => {
    setFile(chosen);
    setChecked(null);
    void send(chosen, true);
  };
  const { errors, warnings } = sumUp(checked?.findings ?? []);
  const ready = checked !== null && errors === 0;
  return (
    <Dialog
      open
      size="large"
      onOpenChange={onClose}
      busy={busy === 'import'}
      keep={file !== null}
      title={t('themes.upload')}
      description={t('themes.upload.text')}
      footer={
        <>
          <Button disabled={busy === 'import'} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="primary" icon="upload" busy={busy === 'import'} disabled={!ready || !file} onClick={() => file && void send(file, false)}>
            {t('themes.import')}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <FileDrop label={file ? t('themes.otherFile', { file: file.name }) : t('themes.file')} hint={t('themes.file.hint')} accept=".zip,application/zip" disabled={busy !== null} onFile={choose} />
        <div role="status" className={styles.result}>
          {busy === 'check' && (
            <p className={styles.checking}>
              <Spinner />
              {t('themes.checking')}
            </p>
          )}
          {error && <Unreadable error={error} />}
          {checked && errors === 0 && (
            <Notice tone="success" title={t('themes.fine', { theme: checked.slug, version: checked.version })}>
              {warnings > 0 ? n('themes.fine.warnings', warnings) : n('themes.fine.text', checked.files)}
            </Notice>
          )}
          {checked && errors > 0 && (
            <Notice tone="danger" title={n('themes.errors', errors)}>
              {t('themes.errors.text')}
            </Notice>
          )}
        </div>
        {checked && checked.findings.length > 0 && <Findings findings={checked.findings} />}
      </div>
    </Dialog>
  );
}

/** What is no theme's package at all, told field by field. */
function Unreadable({ error }: { error: DataError }) {
  if (error.fields.length === 0) return <Refusal error={error} />;
  return (
    <Notice tone="danger" urgent title={t('themes.unreadable')}>
      <ul>
        {error.fields.map((one) => (
          <li key={`${one.field} ${one.message}`}>
            <code>{one.field}</code> {one.message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
