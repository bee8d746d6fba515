import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '../../api/me.ts';
import { people } from '../../api/people.ts';
import { isProblem } from '../../api/problem.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Field, TextInput } from '../../ui/form/field.tsx';
import { reloadPeople } from './reload-people.ts';
import { RoleSelect } from './role-select.tsx';
import { WorkspaceChoice } from './workspace-choice.tsx';

/** Creates an invitation link for one person. Exhibit sends no email. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('MEMBER');
  const [workspaceIds, setWorkspaceIds] = useState<readonly string[]>([]);
  const invite = useMutation({
    mutationFn: () =>
      people.invite({
        email: email.trim(),
        role,
        workspaceIds: role === 'MEMBER' ? workspaceIds : [],
      }),
    onSuccess: reloadPeople,
  });
  if (invite.data) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title="Share this link"
        shownOnce
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <div className="grid gap-3 pb-2">
          <p>
            It lets <bdi className="font-medium">{email}</bdi> in, once, until{' '}
            <Timestamp value={invite.data.expiresAt} />. It can't be shown again.
          </p>
          <CodeBlock text={invite.data.url} label="Copy link" />
        </div>
      </Dialog>
    );
  }
  const emailError = isProblem(invite.error) ? invite.error.fieldError('email') : undefined;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Invite a member"
      description="You'll get a link to share. Exhibit sends no email."
      onSubmit={() => invite.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={invite.isPending}
            disabledReason={email.trim() === '' ? 'Enter an email address first' : null}
          >
            Create link
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="Email" error={emailError}>
          <TextInput
            autoFocus
            type="email"
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
        </Field>
        <RoleSelect value={role} onChange={setRole} />
        {role === 'MEMBER' && <WorkspaceChoice chosen={workspaceIds} onChange={setWorkspaceIds} />}
        {invite.error && emailError === undefined && (
          <ProblemNotice error={invite.error} title="The invitation was not created" />
        )}
      </div>
    </Dialog>
  );
}
