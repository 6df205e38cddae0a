/** Files that can be sent; what is in them is told by their bytes, on the server. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] as const;
export const MOST_BYTES = 30 * 1024 * 1024;

export type WrongFile = 'type' | 'size';

export function checkFile(file: { type: string; size: number }): WrongFile | null {
  if (!PICTURE_TYPES.some((type) => type === file.type)) return 'type';
  return file.size > MOST_BYTES ? 'size' : null;
}

/** What a file's name says of what it shows: `IMG_2041.jpg` says nothing, `oak-breadboard.jpg` does. */
export function altFrom(name: string): string {
  const words = name.replace(/\.[a-z0-9]+$/i, '').replaceAll(/[-_]+/g, ' ').trim();
  if (/^(img|image|dsc|dscn|pxl|photo|screenshot)?[\s\d.]*$/i.test(words)) return '';
  return words.charAt(0).toUpperCase() + words.slice(1);
}
