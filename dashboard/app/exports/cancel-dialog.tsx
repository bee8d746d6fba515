import { useMutation } from '@tanstack/react-query';
import { cancelExport, exportQuery, type ExportJob } from '../api/exports.ts';
import { isProblem } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { showProblem } from '../shell/show-problem.tsx';
import { ConfirmDialog } from '../ui/overlay/confirm-dialog.tsx';
import { followExport } from './follow/followed-exports.ts';
import { updateCachedJob } from './follow/update-cached-job.ts';

interface CancelDialogProps {
  readonly job: ExportJob;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function CancelDialog({ job, open, onClose }: CancelDialogProps) {
  const cancel = useMutation({
    mutationFn: () => cancelExport(job.jobId),
    onSuccess: (next) => {
      queryClient.setQueryData(exportQuery(job.jobId).queryKey, next);
      updateCachedJob(next);
      // A running export stops at its next step. Follow it, so that a toast reports when it is canceled.
      followExport(job.jobId);
      onClose();
    },
    onError: (error) => {
      onClose();
      const ended = isProblem(error, 'EXPORT_NOT_CANCELABLE');
      if (ended) showProblem('The export had already finished', error, 'info');
      else showProblem("Couldn't cancel the export", error);
      void queryClient.invalidateQueries({ queryKey: ['exports'] });
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Cancel this export?"
      confirmLabel="Cancel export"
      cancelLabel="Keep running"
      danger
      busy={cancel.isPending}
      onConfirm={() => cancel.mutate()}
    >
      Partial output will be deleted. You can rerun the export later.
    </ConfirmDialog>
  );
}
