import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Workspace, workspaces as api } from '../../api/people.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Field, TextInput } from '../../ui/form/field.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { reloadPeople } from './reload-people.ts';

/** Creates or renames a workspace. */
export function WorkspaceNameDialog({
  workspace,
  onClose,
}: {
  readonly workspace?: Workspace | undefined;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(workspace?.name ?? '');
  const save = useMutation({
    mutationFn: async () => {
      if (workspace === undefined) await api.create(name.trim());
      else await api.rename(workspace.id, name.trim());
    },
    onSuccess: async () => {
      await reloadPeople();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={workspace === undefined ? 'New workspace' : 'Rename workspace'}
      onSubmit={() => save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabledReason={name.trim() === '' ? 'Enter a name first' : null}
          >
            {workspace === undefined ? 'Create workspace' : 'Rename workspace'}
          </Button>
        </>
      }
    >
      {save.error && <ProblemNotice error={save.error} />}
      <Field label="Name">
        <TextInput
          autoFocus
          maxLength={200}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </Field>
    </Dialog>
  );
}
