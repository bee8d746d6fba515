import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Ban } from 'lucide-react';
import { readParameters } from '../../ignored-parameters.ts';
import { useMe } from '../../session/session.tsx';
import { NotFound } from '../../shell/not-found-page.tsx';
import { IgnoredNotice } from '../../shell/ignored-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { type Tab, TabLinks } from '../../shell/tab-links.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ApiKeysTab } from './api-keys-tab.tsx';
import { MembersTab } from './members-tab.tsx';
import { ProfileTab } from './profile-tab.tsx';
import { WorkspacesTab } from './workspaces-tab.tsx';

const ADMIN_TABS: readonly Tab[] = [
  { to: '/settings/$tab', params: { tab: 'members' }, label: 'Members' },
  { to: '/settings/$tab', params: { tab: 'workspaces' }, label: 'Workspaces' },
  { to: '/settings/$tab', params: { tab: 'api-keys' }, label: 'API keys' },
];
const PROFILE: Tab = { to: '/settings', label: 'Profile' };

/** The user's profile and sessions; for owners and admins also members, workspaces and API keys. */
export function SettingsPage() {
  const { tab } = useParams({ strict: false });
  const { administer } = useMe().permissions;
  const navigate = useNavigate();
  const { ignored } = readParameters({}, useSearch({ strict: false }));
  return (
    <>
      <PageHeader title="Settings">
        <TabLinks label="Settings" tabs={administer ? [PROFILE, ...ADMIN_TABS] : [PROFILE]} />
      </PageHeader>
      <IgnoredNotice
        ignored={ignored}
        onContinue={() => void navigate({ to: '.', search: {}, replace: true })}
      />
      <div className="max-w-5xl px-4 py-5 lg:px-6">
        {tab !== undefined && !administer ? (
          <EmptyState icon={Ban} title="Owners and admins only">
            Ask one of them to change members, workspaces or API keys.
          </EmptyState>
        ) : (
          <TabContent tab={tab} />
        )}
      </div>
    </>
  );
}

function TabContent({ tab }: { readonly tab: string | undefined }) {
  switch (tab) {
    case undefined:
      return <ProfileTab />;
    case 'members':
      return <MembersTab />;
    case 'workspaces':
      return <WorkspacesTab />;
    case 'api-keys':
      return <ApiKeysTab />;
    default:
      return <NotFound />;
  }
}
