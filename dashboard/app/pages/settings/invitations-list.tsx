import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Invitation, invitationsQuery, people } from '../../api/people.ts';
import { queryClient } from '../../api/query-client.ts';
import { ROLE_NAMES } from '../../session/role-names.ts';
import { useWorkspaceName } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { showProblem } from '../../shell/show-problem.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/overlay/confirm-dialog.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Unused invitation links. Renders nothing if there are none. */
export function InvitationsList() {
  const { data, error } = useQuery(invitationsQuery);
  // Held above the rows, so that the dialog stays open when the list reloads without its invitation.
  const [revoking, setRevoking] = useState<Invitation>();
  const dialog = revoking && (
    <RevokeInvitationDialog invitation={revoking} onClose={() => setRevoking(undefined)} />
  );
  if (!error && (data === undefined || data.data.length === 0)) return dialog;
  return (
    <SettingsSection
      title="Open invitations"
      description="Links work once and expire after 7 days. They can't be shown again."
    >
      {error && !data && <ProblemNotice error={error} title="Couldn't load the invitations" />}
      {data && (
        <ul className="border-t">
          {data.data.map((invitation) => (
            <InvitationItem key={invitation.id} invitation={invitation} onRevoke={setRevoking} />
          ))}
        </ul>
      )}
      {dialog}
    </SettingsSection>
  );
}

interface InvitationItemProps {
  readonly invitation: Invitation;
  readonly onRevoke: (invitation: Invitation) => void;
}

function InvitationItem({ invitation, onRevoke }: InvitationItemProps) {
  const { email, role, workspaceIds, expiresAt } = invitation;
  const workspaceName = useWorkspaceName();
  return (
    <li className="flex items-center gap-3 border-b px-3 py-2 text-sm">
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium">{email}</bdi>
        <span className="block text-xs text-muted">
          {ROLE_NAMES[role]}
          {workspaceIds.length > 0 && ` · ${workspaceIds.map(workspaceName).join(', ')}`} · expires{' '}
          <Timestamp value={expiresAt} />
        </span>
      </span>
      <Button
        size="sm"
        onClick={() => onRevoke(invitation)}
        aria-label={`Revoke the invitation for ${email}`}
      >
        Revoke…
      </Button>
    </li>
  );
}

interface RevokeInvitationDialogProps {
  readonly invitation: Invitation;
  readonly onClose: () => void;
}

function RevokeInvitationDialog({
  invitation: { id, email },
  onClose,
}: RevokeInvitationDialogProps) {
  const revoke = useMutation({
    mutationFn: () => people.revokeInvitation(id),
    onSuccess: () => showToast({ tone: 'success', title: `Invitation for ${email} revoked` }),
    onError: (failure) => showProblem("Couldn't revoke the invitation", failure),
    onSettled: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Revoke the invitation for ${email}?`}
      confirmLabel="Revoke invitation"
      danger
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate()}
    >
      The link stops working immediately. You can send a new invitation later.
    </ConfirmDialog>
  );
}
