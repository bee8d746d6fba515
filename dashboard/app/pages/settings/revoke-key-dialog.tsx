import { useMutation } from '@tanstack/react-query';
import { type ApiKey, apiKeys, apiKeysQuery } from '../../api/keys.ts';
import { queryClient } from '../../api/query-client.ts';
import { showProblem } from '../../shell/show-problem.tsx';
import { ConfirmDialog } from '../../ui/overlay/confirm-dialog.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';

interface RevokeKeyDialogProps {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

export function RevokeKeyDialog({ apiKey: { id, name }, onClose }: RevokeKeyDialogProps) {
  const revoke = useMutation({
    mutationFn: () => apiKeys.revoke(id),
    onSuccess: () => showToast({ tone: 'success', title: `The key “${name}” was revoked` }),
    onError: (error) => showProblem('The key still works', error),
    onSettled: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Revoke “${name}”?`}
      confirmLabel="Revoke"
      danger
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate()}
    >
      Programs that use it are refused within seconds. It cannot be made good again; make a new one
      instead.
    </ConfirmDialog>
  );
}
