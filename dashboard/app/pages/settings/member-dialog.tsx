import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type CompanyMember, people } from '../../api/people.ts';
import { useMe } from '../../session/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import { reloadPeople } from './reload-people.ts';
import { RoleSelect } from './role-select.tsx';
import { WorkspaceChoice } from './workspace-choice.tsx';

/** Role and workspaces of a member. Taking one's own power away is said before it is done. */
export function MemberDialog({
  member,
  onClose,
}: {
  readonly member: CompanyMember;
  readonly onClose: () => void;
}) {
  const me = useMe();
  const [role, setRole] = useState(member.role);
  const [workspaceIds, setWorkspaceIds] = useState(member.workspaceIds);
  const save = useMutation({
    mutationFn: () =>
      people.change(member.userId, { role, ...(role === 'MEMBER' && { workspaceIds }) }),
    onSuccess: async () => {
      await reloadPeople();
      showToast({ tone: 'success', title: `${member.email} was changed` });
      onClose();
    },
  });
  const losesPower = member.userId === me.user.id && role !== member.role;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={member.name}
      description={member.email}
      onSubmit={() => save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant={losesPower ? 'danger' : 'primary'} busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <RoleSelect value={role} onChange={setRole} />
        {role === 'MEMBER' && <WorkspaceChoice chosen={workspaceIds} onChange={setWorkspaceIds} />}
        {losesPower && (
          <Notice tone="warning">This is you: you may not be able to undo it yourself.</Notice>
        )}
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
      </div>
    </Dialog>
  );
}
