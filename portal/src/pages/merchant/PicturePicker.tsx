import { useCallback } from 'react';
import { useSource, type Picture } from '../../data';
import { t } from '../../texts';
import { Dialog, Empty } from '../../ui';
import { Paged } from './Paged';
import { PictureImage } from './PictureImage';
import styles from './PicturesSection.module.css';
import { usePages } from './usePages';

/** One of the store's own pictures. */
export function PicturePicker({ storeId, onPick, onClose }: { storeId: string; onPick(name: string): void; onClose(): void }) {
  const { stores } = useSource();
  const load = useCallback((cursor: string | undefined) => stores.pictures(storeId, { cursor, limit: 24 }), [stores, storeId]);
  const pages = usePages<Picture>(load);
  return (
    <Dialog open onOpenChange={onClose} title={t('settings.choosePicture')}>
      <Paged
        {...pages}
        empty={
          <Empty icon="palette" title={t('pictures.none.title')}>
            {t('pictures.addFirst')}
          </Empty>
        }
      >
        <ul className={styles.picker}>
          {pages.items?.map((picture) => (
            <li key={picture.id}>
              <button type="button" className={styles.tile} onClick={() => onPick(picture.name)}>
                <PictureImage storeId={storeId} picture={picture} alt="" />
                <span className={styles.caption}>{picture.alt || picture.name}</span>
              </button>
            </li>
          ))}
        </ul>
      </Paged>
    </Dialog>
  );
}
