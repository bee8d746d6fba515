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
    onSuccess: () => showToast({ tone: 'success', title: `Key “${name}” revoked` }),
    onError: (error) => showProblem("Couldn't revoke the key", error),
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
      confirmLabel="Revoke key"
      danger
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate()}
    >
      Programs that use this key lose access within seconds. A revoked key can't be restored.
    </ConfirmDialog>
  );
}
