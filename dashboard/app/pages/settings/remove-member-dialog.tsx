import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiKey, apiKeysQuery } from '../../api/keys.ts';
import { type CompanyMember, membersQuery, people } from '../../api/people.ts';
import { queryClient } from '../../api/query-client.ts';
import { visibleText } from '../../format/visible-text.ts';
import { showProblem } from '../../shell/show-problem.tsx';
import { Checkbox } from '../../ui/form/checkbox.tsx';
import { ConfirmDialog } from '../../ui/overlay/confirm-dialog.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';

interface RemoveMemberDialogProps {
  readonly member: CompanyMember;
  readonly onClose: () => void;
}

/** Removes a member. Lists the API keys they created, which are revoked unless the checkbox is cleared. */
export function RemoveMemberDialog({ member, onClose }: RemoveMemberDialogProps) {
  const { userId, name, email } = member;
  const keys = useQuery(apiKeysQuery);
  const [revoking, setRevoking] = useState(true);
  const theirs = (keys.data?.data ?? []).filter(
    ({ status, createdBy }) => status === 'active' && createdBy?.id === userId,
  );
  const revokeKeys = revoking && theirs.length > 0;
  const remove = useMutation({
    mutationFn: () => people.remove(userId, { revokeKeys }),
    onSuccess: () => showToast({ tone: 'success', title: `${email} removed` }),
    onError: (error) => showProblem(`Couldn't remove ${email}`, error),
    onSettled: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
      await queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Remove ${name}?`}
      confirmLabel={revokeKeys ? 'Remove member and revoke keys' : 'Remove member'}
      danger
      busy={remove.isPending || keys.isPending}
      onConfirm={() => remove.mutate()}
    >
      <p>The account is removed and signed out immediately. Exports and evidence stay.</p>
      {keys.error !== null && (
        <p className="mt-3">
          Couldn't load this person's API keys. Check them in the API keys tab.
        </p>
      )}
      {theirs.length > 0 && (
        <PersonsKeys keys={theirs} revoking={revoking} onChange={setRevoking} />
      )}
    </ConfirmDialog>
  );
}

interface PersonsKeysProps {
  readonly keys: readonly ApiKey[];
  readonly revoking: boolean;
  readonly onChange: (revoking: boolean) => void;
}

function PersonsKeys({ keys, revoking, onChange }: PersonsKeysProps) {
  return (
    <div className="mt-3 grid gap-2">
      <p>
        {keys.length === 1
          ? 'This person created 1 active API key:'
          : `This person created ${keys.length} active API keys:`}
      </p>
      <ul aria-label="Keys of this person" className="max-h-40 list-disc overflow-y-auto pl-5">
        {keys.map(({ id, name }) => (
          <li key={id}>
            <bdi className="break-words">{visibleText(name)}</bdi>
          </li>
        ))}
      </ul>
      <Checkbox
        label={keys.length === 1 ? 'Revoke this key' : 'Revoke these keys'}
        hint="Programs that use revoked keys stop working. Keys you don't revoke keep working after the person has left."
        checked={revoking}
        onChange={onChange}
      />
    </div>
  );
}
