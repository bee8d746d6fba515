import { PageHeader } from '../../shell/page-header.tsx';

export function ExportsPage() {
  return <PageHeader title="Exports" />;
}
