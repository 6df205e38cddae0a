import { useCallback } from 'react';
import { useLoaded, useSource, type Picture } from '../../data';
import { Icon, Spinner } from '../../ui';
import styles from './PicturesSection.module.css';

interface PictureImageProps {
  storeId: string;
  picture: Pick<Picture, 'id'>;
  /** What it shows; empty where that stands beside it. */
  alt: string;
  width?: number;
}

/** A picture that only who is signed in may see: fetched, and shown as `data:`, which the page's policy allows. */
export function PictureImage({ storeId, picture, alt, width = 320 }: PictureImageProps) {
  const { stores } = useSource();
  const { id } = picture;
  const load = useCallback(async () => dataUrl(await stores.picture(storeId, id, width)), [stores, storeId, id, width]);
  const { value, error } = useLoaded(load);
  if (value) return <img className={styles.image} src={value} alt={alt} />;
  return (
    <span className={styles.image} aria-busy={!error}>
      {error ? <Icon name="alert" /> : <Spinner />}
    </span>
  );
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
}
