import { PageHeader } from '../../shell/page-header.tsx';

export function EvidencePage() {
  return <PageHeader title="Evidence" />;
}
