import { useQuery } from '@tanstack/react-query';
import { MoreHorizontal, Plus, Trash2, UserCog } from 'lucide-react';
import { useState } from 'react';
import { type CompanyMember, membersQuery } from '../../api/people.ts';
import { useMe, useWorkspaceName } from '../../session/session.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/overlay/menu.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { InvitationsList } from './invitations-list.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberDialog } from './member-dialog.tsx';
import { RemoveMemberDialog } from './remove-member-dialog.tsx';
import { ROLE_NAMES } from '../../session/role-names.ts';
import { SettingsSection } from './settings-section.tsx';

interface Asked {
  readonly kind: 'edit' | 'remove';
  readonly member: CompanyMember;
}

/** The members of the company, and open invitations. */
export function MembersTab() {
  const members = useQuery(membersQuery);
  const [inviting, setInviting] = useState(false);
  // Held above the rows, so that a dialog stays open when the list reloads without its member.
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const owners = members.data?.data.filter(({ role }) => role === 'OWNER') ?? [];
  const lastOwner = owners.length === 1 ? owners[0] : undefined;
  return (
    <>
      <SettingsSection
        title="Members"
        description="Role and access changes apply immediately."
        action={
          <Button variant="primary" icon={Plus} onClick={() => setInviting(true)}>
            Invite…
          </Button>
        }
      >
        {members.error ? (
          <ProblemState
            error={members.error}
            onRetry={() => void members.refetch()}
            title="Couldn't load the members"
          />
        ) : members.data === undefined ? (
          <Skeleton className="h-40" />
        ) : (
          <Table aria-label="Members" className="border-t">
            <thead>
              <tr>
                <Th>Person</Th>
                <Th>Role</Th>
                <Th className="max-md:hidden">Workspaces</Th>
                <Th className="max-lg:hidden">Joined</Th>
                <Th className="text-right">
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {members.data.data.map((member) => (
                <MemberRow
                  key={member.userId}
                  member={member}
                  isLastOwner={member === lastOwner}
                  onAsk={(kind) => setAsked({ kind, member })}
                />
              ))}
            </tbody>
          </Table>
        )}
      </SettingsSection>
      <InvitationsList />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {asked?.kind === 'edit' && <MemberDialog member={asked.member} onClose={close} />}
      {asked?.kind === 'remove' && <RemoveMemberDialog member={asked.member} onClose={close} />}
    </>
  );
}

interface MemberRowProps {
  readonly member: CompanyMember;
  readonly isLastOwner: boolean;
  readonly onAsk: (kind: Asked['kind']) => void;
}

function MemberRow({ member, isLastOwner, onAsk }: MemberRowProps) {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  const { userId, email, name, role, workspaceIds, joinedAt } = member;
  const locked =
    role === 'OWNER' && me.role !== 'OWNER'
      ? 'Only an owner can change an owner'
      : isLastOwner
        ? 'The company needs an owner. Make another member an owner first'
        : null;
  return (
    <Tr>
      <Td className="py-1.5">
        <span className="block font-medium">
          <bdi>{name}</bdi>{' '}
          {userId === me.user.id && <span className="font-normal text-muted">(you)</span>}
        </span>
        <span className="block text-xs text-muted">{email}</span>
      </Td>
      <Td>
        <Badge tone={role === 'OWNER' ? 'info' : 'neutral'}>{ROLE_NAMES[role]}</Badge>
      </Td>
      <Td className="max-w-72 truncate max-md:hidden">
        {role === 'MEMBER'
          ? workspaceIds.map(workspaceName).join(', ') || <span className="text-muted">None</span>
          : 'All'}
      </Td>
      <Td className="max-lg:hidden">
        <Timestamp value={joinedAt} />
      </Td>
      <Td className="text-right">
        <Menu trigger={<IconButton label={`More for ${email}`} icon={MoreHorizontal} />}>
          <MenuItem icon={UserCog} disabledReason={locked} onSelect={() => onAsk('edit')}>
            Change role and workspaces…
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            icon={Trash2}
            danger
            disabledReason={locked ?? (userId === me.user.id ? "You can't remove yourself" : null)}
            onSelect={() => onAsk('remove')}
          >
            Remove…
          </MenuItem>
        </Menu>
      </Td>
    </Tr>
  );
}
