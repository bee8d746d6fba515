import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { membersQuery, type Workspace, workspaces as api } from '../../api/people.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/form/checkbox.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { reloadPeople } from './reload-people.ts';

/** Edits which users with the role Member belong to a workspace. */
export function WorkspaceMembersDialog({
  workspace,
  onClose,
}: {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}) {
  const members = useQuery(membersQuery);
  const [chosen, setChosen] = useState(workspace.memberIds ?? []);
  const save = useMutation({
    mutationFn: () => api.setMembers(workspace.id, chosen),
    onSuccess: async () => {
      await reloadPeople();
      onClose();
    },
  });
  const choosable =
    members.data?.data.filter(({ role, userId }) => role === 'MEMBER' || chosen.includes(userId)) ??
    [];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Members of ${workspace.name}`}
      description="Owners, admins and billing have access to every workspace."
      onSubmit={() => save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-2 pb-2">
        {members.error && !members.data && (
          <ProblemNotice error={members.error} title="Couldn't load the members" />
        )}
        {members.isPending && <Skeleton className="h-16" />}
        {members.data !== undefined && choosable.length === 0 && (
          <p className="text-sm text-muted">
            No one has the Member role yet. Invite a member first.
          </p>
        )}
        {choosable.map(({ userId, name, email }) => (
          <Checkbox
            key={userId}
            label={name}
            hint={email}
            checked={chosen.includes(userId)}
            onChange={(on) =>
              setChosen(on ? [...chosen, userId] : chosen.filter((id) => id !== userId))
            }
          />
        ))}
        {save.error && <ProblemNotice error={save.error} title="Couldn't change the members" />}
      </div>
    </Dialog>
  );
}
