import type { LetterStatus } from '../../data';
import { t } from '../../texts';
import { Badge, type IconName, type Tone } from '../../ui';

const LOOKS: Record<LetterStatus, { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'danger', icon: 'alert' },
  REPLAYED: { tone: 'info', icon: 'refresh' },
  CLOSED: { tone: 'neutral', icon: 'check' },
};

export function LetterState({ status }: { status: LetterStatus }) {
  return <Badge {...LOOKS[status]}>{t(`letters.${status}`)}</Badge>;
}
