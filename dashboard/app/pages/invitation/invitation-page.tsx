import { PageHeader } from '../../shell/page-header.tsx';

export function InvitationPage() {
  return <PageHeader title="Invitation" />;
}
