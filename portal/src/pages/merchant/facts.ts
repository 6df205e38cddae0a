import type { StoreStatus, Task } from '../../data';
import { t } from '../../texts';
import type { IconName, Tone } from '../../ui';

interface Look {
  tone: Tone;
  icon: IconName | 'spinner';
  text: string;
}

export function lookOfStore(status: StoreStatus): Look {
  const text = t(`storeStatus.${status}`);
  switch (status) {
    case 'CREATING':
      return { tone: 'info', icon: 'spinner', text };
    case 'READY':
      return { tone: 'info', icon: 'clock', text };
    case 'ACTIVE':
      return { tone: 'success', icon: 'check', text };
    case 'SUSPENDED':
      return { tone: 'warning', icon: 'dash', text };
    case 'ARCHIVED':
    case 'DELETED':
      return { tone: 'neutral', icon: 'dash', text };
  }
}

export function lookOfTask(status: Task['status']): Look {
  switch (status) {
    case 'WAITING':
      return { tone: 'neutral', icon: 'clock', text: t('task.waiting') };
    case 'IN_PROGRESS':
      return { tone: 'info', icon: 'spinner', text: t('task.inProgress') };
    case 'DONE':
      return { tone: 'success', icon: 'check', text: t('task.done') };
    case 'FAILED':
      return { tone: 'danger', icon: 'alert', text: t('task.failed') };
  }
}

/** Who did something, without the kind that stands before the id. */
export function actorName(actor: string | null | undefined): string {
  if (!actor) return t('actor.platform');
  const [kind, ...id] = actor.split(':');
  if (kind === 'owner') return t('actor.owner');
  if (kind === 'admin') return id.join(':') || t('actor.admin');
  return id.length ? id.join(':') : actor === 'platform' ? t('actor.platform') : actor;
}

/** A short name for an id that nobody reads to its end. */
export function short(id: string): string {
  return id.length > 12 ? id.slice(0, 10) : id;
}

/** Facts as they were found, in lines: `valid_until` becomes `valid until`. */
export function linesOf(facts: Record<string, unknown>): { name: string; value: string }[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => ({
      name: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' '),
      value: Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value),
    }));
}

export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 999_500) return `${Math.round(count / 1_000)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
