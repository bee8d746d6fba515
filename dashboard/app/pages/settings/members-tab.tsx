import { useMutation, useQuery } from '@tanstack/react-query';
import { MoreHorizontal, Plus, Trash2, UserCog } from 'lucide-react';
import { useState } from 'react';
import { type CompanyMember, membersQuery, people } from '../../api/people.ts';
import { queryClient } from '../../api/query-client.ts';
import { useMe, useWorkspaceName } from '../../session/session.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { showToast } from '../../ui/toast.tsx';
import { InvitationsList } from './invitations-list.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberDialog } from './member-dialog.tsx';
import { ROLE_NAMES } from '../../session/role-names.ts';
import { SettingsSection } from './settings-section.tsx';

/** The people of the company, and those who are invited. */
export function MembersTab() {
  const members = useQuery(membersQuery);
  const [inviting, setInviting] = useState(false);
  const owners = members.data?.data.filter(({ role }) => role === 'OWNER') ?? [];
  const lastOwner = owners.length === 1 ? owners[0] : undefined;
  return (
    <>
      <SettingsSection
        title="Members"
        description="A role or a workspace that is taken away is gone with the person's next click."
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
            title="The members could not be loaded"
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
                <MemberRow key={member.userId} member={member} isLastOwner={member === lastOwner} />
              ))}
            </tbody>
          </Table>
        )}
      </SettingsSection>
      <InvitationsList />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

function MemberRow({
  member,
  isLastOwner,
}: {
  readonly member: CompanyMember;
  readonly isLastOwner: boolean;
}) {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const { userId, email, name, role, workspaceIds, joinedAt } = member;
  const locked =
    role === 'OWNER' && me.role !== 'OWNER'
      ? 'Only an owner changes an owner'
      : isLastOwner
        ? 'The only owner: make somebody else an owner first'
        : null;
  const remove = useMutation({
    mutationFn: () => people.remove(userId),
    onSuccess: () => showToast({ tone: 'success', title: `${email} was removed` }),
    onError: (error) =>
      showToast({ tone: 'danger', title: `${email} is still a member`, body: error.message }),
    onSettled: () => {
      setOpen(undefined);
      return queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
    },
  });
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
          <MenuItem icon={UserCog} disabledReason={locked} onSelect={() => setOpen('edit')}>
            Role and workspaces…
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            icon={Trash2}
            danger
            disabledReason={
              locked ?? (userId === me.user.id ? 'Somebody else must remove you' : null)
            }
            onSelect={() => setOpen('remove')}
          >
            Remove…
          </MenuItem>
        </Menu>
        {open === 'edit' && <MemberDialog member={member} onClose={() => setOpen(undefined)} />}
        <ConfirmDialog
          open={open === 'remove'}
          onOpenChange={(next) => !next && setOpen(undefined)}
          title={`Remove ${name}?`}
          confirmLabel="Remove"
          danger
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
        >
          Their account and sessions end at once. What they exported, and the evidence of it, stays.
        </ConfirmDialog>
      </Td>
    </Tr>
  );
}
