import { Link } from 'react-router';
import { t } from '../../texts';
import { Empty } from '../../ui';

export function NotFoundPage() {
  return (
    <Empty alone icon="search" title={t('notFound.title')} actions={<Link to="/merchants">{t('notFound.home')}</Link>}>
      {t('notFound.text')}
    </Empty>
  );
}
