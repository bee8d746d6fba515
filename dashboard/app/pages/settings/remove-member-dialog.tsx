import { useMutation } from '@tanstack/react-query';
import { type CompanyMember, membersQuery, people } from '../../api/people.ts';
import { queryClient } from '../../api/query-client.ts';
import { showProblem } from '../../shell/show-problem.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';

interface RemoveMemberDialogProps {
  readonly member: CompanyMember;
  readonly onClose: () => void;
}

export function RemoveMemberDialog({ member, onClose }: RemoveMemberDialogProps) {
  const { userId, name, email } = member;
  const remove = useMutation({
    mutationFn: () => people.remove(userId),
    onSuccess: () => showToast({ tone: 'success', title: `${email} was removed` }),
    onError: (error) => showProblem(`${email} is still a member`, error),
    onSettled: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
    },
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Remove ${name}?`}
      confirmLabel="Remove"
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      Their account and sessions end at once. What they exported, and the evidence of it, stays.
    </ConfirmDialog>
  );
}
