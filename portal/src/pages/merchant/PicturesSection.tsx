import { useCallback, useId, useRef, useState, type DragEvent } from 'react';
import { asDataError, useCanAct, useSource, type DataError, type Picture } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { t } from '../../texts';
import { Button, Card, Dialog, Empty, moment, Notice, TextField, unseen, useToast } from '../../ui';
import { actorName, bytes } from './facts';
import { Paged } from './Paged';
import type { SectionProps } from './section';
import { PictureImage } from './PictureImage';
import { altFrom, checkFile, PICTURE_TYPES } from './pictureFiles';
import styles from './PicturesSection.module.css';
import { usePages } from './usePages';

/** The store's own pictures: added, described, removed. */
export default function PicturesSection({ store }: SectionProps) {
  const { stores } = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const id = store.store_id;
  const load = useCallback((cursor: string | undefined) => stores.pictures(id, { cursor, limit: 24 }), [stores, id]);
  const pages = usePages<Picture>(load);
  const [sending, setSending] = useState(0);
  const [wrong, setWrong] = useState<{ name: string; why: string }[]>([]);
  const [shown, setShown] = useState<Picture | null>(null);
  const [removing, setRemoving] = useState<Picture | null>(null);

  const add = async (files: readonly File[]) => {
    const found: { name: string; why: string }[] = [];
    setWrong([]);
    setSending(files.length);
    // One after another: each is made ready in several widths.
    for (const file of files) {
      const reason = checkFile(file);
      try {
        if (reason) found.push({ name: file.name, why: t(`pictures.wrong.${reason}`) });
        else await stores.addPicture(id, file, altFrom(file.name));
      } catch (thrown) {
        const error = asDataError(thrown);
        found.push({ name: file.name, why: error.fields[0]?.message ?? error.message });
      }
      setSending((left) => left - 1);
    }
    setWrong(found);
    if (found.length < files.length) toast(t('pictures.added'));
    pages.again();
  };
  return (
    <div className={styles.page}>
      {wrong.length > 0 && (
        <Notice tone="danger" urgent title={t('pictures.refused')} actions={<Button size="small" onClick={() => setWrong([])}>{t('ui.dismiss')}</Button>}>
          <ul>
            {wrong.map((one) => (
              <li key={one.name}>
                {one.name}: {one.why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Card flush title={t('merchant.part.pictures')}>
        {canAct && <DropPlace sending={sending} onFiles={(files) => void add(files)} />}
        <Paged
          {...pages}
          empty={
            <Empty icon="palette" title={t('pictures.none.title')}>
              {t('pictures.none.text')}
            </Empty>
          }
        >
          <ul className={styles.grid}>
            {pages.items?.map((picture) => (
              <li key={picture.id}>
                <button type="button" className={styles.tile} onClick={() => setShown(picture)}>
                  <PictureImage storeId={id} picture={picture} alt="" />
                  <span className={styles.caption}>{picture.alt || <em>{t('pictures.noAlt')}</em>}</span>
                  <span className={styles.muted}>
                    {picture.width} × {picture.height}, {bytes(picture.size)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </Paged>
      </Card>
      {shown && (
        <PictureDialog
          key={shown.id}
          storeId={id}
          picture={shown}
          canAct={canAct}
          onClose={() => setShown(null)}
          onChanged={() => {
            setShown(null);
            pages.again();
          }}
          onRemove={() => {
            setRemoving(shown);
            setShown(null);
          }}
        />
      )}
      {removing && (
        <ConfirmDialog
          kind="danger"
          title={t('pictures.remove.title')}
          action={t('pictures.remove')}
          onConfirm={async () => {
            await stores.removePicture(id, removing.id);
            pages.again();
          }}
          onClose={() => setRemoving(null)}
        >
          <p>{t('pictures.remove.text')}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function DropPlace({ sending, onFiles }: { sending: number; onFiles(files: readonly File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const id = useId();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (sending === 0) onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className={`${styles.drop} ${over ? styles.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id} className={styles.about}>
        {t('pictures.hint')}
      </label>
      <input
        ref={input}
        id={id}
        className={unseen}
        type="file"
        multiple
        tabIndex={-1}
        accept={PICTURE_TYPES.join(',')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <Button icon="plus" busy={sending > 0} onClick={() => input.current?.click()}>
        {sending > 0 ? t('pictures.sending', { n: sending }) : t('pictures.add')}
      </Button>
    </div>
  );
}

interface PictureDialogProps {
  storeId: string;
  picture: Picture;
  canAct: boolean;
  onClose(): void;
  onChanged(): void;
  onRemove(): void;
}

function PictureDialog({ storeId, picture, canAct, onClose, onChanged, onRemove }: PictureDialogProps) {
  const { stores } = useSource();
  const toast = useToast();
  const [alt, setAlt] = useState(picture.alt);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<DataError | null>(null);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await stores.describePicture(storeId, picture.id, alt.trim());
      toast(t('pictures.described'));
      onChanged();
    } catch (thrown) {
      setRefusal(asDataError(thrown));
      setBusy(false);
    }
  };
  const copy = () => void navigator.clipboard.writeText(picture.name).then(() => toast(t('pictures.nameCopied')));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      busy={busy}
      keep={alt !== picture.alt}
      title={t('pictures.dialog')}
      footer={
        canAct && (
          <>
            <Button onClick={onRemove}>{t('pictures.remove')}</Button>
            <Button kind="primary" busy={busy} disabled={alt.trim() === picture.alt} onClick={() => void save()}>
              {t('pictures.save')}
            </Button>
          </>
        )
      }
    >
      <div className={styles.body}>
        <PictureImage storeId={storeId} picture={picture} alt={picture.alt} width={640} />
        {refusal && <Refusal error={refusal} />}
        <TextField label={t('pictures.alt')} hint={t('pictures.alt.hint')} value={alt} onChange={setAlt} disabled={!canAct} maxLength={300} />
        <p className={styles.muted}>
          {t('pictures.facts', { width: picture.width, height: picture.height, format: picture.format.toUpperCase(), size: bytes(picture.size), when: moment(picture.created_at), who: actorName(picture.created_by) })}
        </p>
        <p className={styles.named}>
          <code>{picture.name}</code>
          <Button size="small" kind="quiet" square icon="copy" aria-label={t('pictures.copyName')} title={t('pictures.copyName')} onClick={copy} />
        </p>
      </div>
    </Dialog>
  );
}

