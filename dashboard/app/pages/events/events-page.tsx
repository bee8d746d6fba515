import { PageHeader } from '../../shell/page-header.tsx';

export function EventsPage() {
  return <PageHeader title="Events" />;
}
