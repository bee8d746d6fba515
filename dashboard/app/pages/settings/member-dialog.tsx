import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '../../api/me.ts';
import { type CompanyMember, people } from '../../api/people.ts';
import { ROLE_NAMES, ROLE_WORDS } from '../../session/role-names.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/overlay/confirm-dialog.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';
import { reloadPeople } from './reload-people.ts';
import { RoleSelect } from './role-select.tsx';
import { WorkspaceChoice } from './workspace-choice.tsx';

/** Roles ordered by power; a smaller number has less access. */
const POWER: Readonly<Record<Role, number>> = { OWNER: 3, ADMIN: 2, BILLING: 1, MEMBER: 0 };

/** Edits the role and workspaces of a member. A role with less access needs a confirmation. */
export function MemberDialog({
  member,
  onClose,
}: {
  readonly member: CompanyMember;
  readonly onClose: () => void;
}) {
  const [role, setRole] = useState(member.role);
  const [workspaceIds, setWorkspaceIds] = useState(member.workspaceIds);
  const [isConfirming, setIsConfirming] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      people.change(member.userId, { role, ...(role === 'MEMBER' && { workspaceIds }) }),
    onSuccess: async () => {
      await reloadPeople();
      showToast({ tone: 'success', title: `${member.email} updated` });
      onClose();
    },
    onError: () => setIsConfirming(false),
  });
  const isDowngrade = POWER[role] < POWER[member.role];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={member.name}
      description={member.email}
      onSubmit={() => (isDowngrade ? setIsConfirming(true) : save.mutate())}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {isDowngrade ? 'Save…' : 'Save'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <RoleSelect value={role} onChange={setRole} />
        {role === 'MEMBER' && <WorkspaceChoice chosen={workspaceIds} onChange={setWorkspaceIds} />}
        {save.error && (
          <ProblemNotice error={save.error} title={`Couldn't update ${member.name}`} />
        )}
        <DowngradeDialog
          member={member}
          role={role}
          open={isConfirming}
          busy={save.isPending}
          onOpenChange={setIsConfirming}
          onConfirm={() => save.mutate()}
        />
      </div>
    </Dialog>
  );
}

interface DowngradeDialogProps {
  readonly member: CompanyMember;
  readonly role: Role;
  readonly open: boolean;
  readonly busy: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onConfirm: () => void;
}

function DowngradeDialog({ member, role, ...dialog }: DowngradeDialogProps) {
  const me = useMe();
  const isMe = member.userId === me.user.id;
  return (
    <ConfirmDialog
      {...dialog}
      title={
        isMe
          ? 'Lower your own role?'
          : `Change ${member.name} from ${ROLE_NAMES[member.role]} to ${ROLE_NAMES[role]}?`
      }
      confirmLabel={`Change to ${ROLE_NAMES[role]}`}
      cancelLabel={`Keep ${ROLE_NAMES[member.role]}`}
      danger
    >
      <p>
        New access, effective immediately: {ROLE_WORDS[role].toLowerCase()}. Current access:{' '}
        {ROLE_WORDS[member.role].toLowerCase()}.
      </p>
      {isMe && (
        <p className="mt-2">
          You can't undo this yourself.{' '}
          {member.role === 'OWNER'
            ? 'Only another owner can.'
            : 'Only an owner or another admin can.'}
        </p>
      )}
    </ConfirmDialog>
  );
}
