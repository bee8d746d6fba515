import { useMutation } from '@tanstack/react-query';
import { exportUsageQuery, deleteExportFile, exportQuery, type ExportJob } from '../api/exports.ts';
import { queryClient } from '../api/query-client.ts';
import { formatBytes } from '../format/numbers.ts';
import { showProblem } from '../shell/show-problem.tsx';
import { ConfirmDialog } from '../ui/overlay/confirm-dialog.tsx';
import { showToast } from '../ui/overlay/toast.tsx';
import { updateCachedJob } from './follow/update-cached-job.ts';

interface DeleteFileDialogProps {
  readonly job: ExportJob;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function DeleteFileDialog({ job, open, onClose }: DeleteFileDialogProps) {
  const deletion = useMutation({
    mutationFn: () => deleteExportFile(job.jobId),
    onSuccess: (next) => {
      queryClient.setQueryData(exportQuery(job.jobId).queryKey, next);
      updateCachedJob(next);
      void queryClient.invalidateQueries({ queryKey: exportUsageQuery.queryKey });
      showToast({ tone: 'success', title: 'File deleted' });
      onClose();
    },
    onError: (error) => {
      onClose();
      showProblem("Couldn't delete the file", error);
      void queryClient.invalidateQueries({ queryKey: ['exports'] });
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Delete this export's file?"
      confirmLabel="Delete file"
      cancelLabel="Keep file"
      danger
      busy={deletion.isPending}
      onConfirm={() => deletion.mutate()}
    >
      The {job.bytes === null ? 'file' : `${formatBytes(job.bytes)} file`} will be deleted for
      everyone. This can't be undone. The export, its digests and its evidence stay. A rerun uses
      the events that match at that time, so its file can differ.
    </ConfirmDialog>
  );
}
