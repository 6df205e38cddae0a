import tones from './tones.module.css';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** The class that colours something in this tone, by `--tone`, `--soft` and `--solid`. */
export function toneClass(tone: Tone): string | undefined {
  return tones[tone];
}
