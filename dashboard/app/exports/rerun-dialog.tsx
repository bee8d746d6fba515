import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type ExportJob, rerunExport } from '../api/exports.ts';
import { formatCount } from '../format/numbers.ts';
import { newId } from '../new-id.ts';
import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ConfirmDialog } from '../ui/overlay/confirm-dialog.tsx';
import { showExportStartedToast } from './follow/export-started-toast.tsx';
import { FilterSummary } from './filter-summary.tsx';
import { queryOfJob } from './open-in-explorer.ts';
import { trackNewJob } from './dialog/use-create-export.ts';

interface RerunDialogProps {
  readonly job: ExportJob;
  readonly onClose: () => void;
}

/** Confirms a rerun with the same options; shows the row count of large exports. */
export function RerunDialog({ job, onClose }: RerunDialogProps) {
  const [newJobId] = useState(newId);
  const rerun = useMutation({
    mutationFn: () => rerunExport(job.jobId, newJobId),
    onSuccess: (next) => {
      trackNewJob(next);
      showExportStartedToast(next, 'Rerun started');
      onClose();
    },
  });
  const rows = job.status === 'succeeded' ? job.rowsExported : job.rowsExpected;
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Rerun this export?"
      confirmLabel="Rerun"
      cancelLabel="Close"
      busy={rerun.isPending}
      onConfirm={() => rerun.mutate()}
    >
      <div className="grid gap-3">
        <p>
          Creates a new job with the same filters and options, using current events
          {rows === null ? '' : `. Last time: ${formatCount(rows)} rows`}.
        </p>
        <div className="text-text">
          <FilterSummary query={queryOfJob(job)} />
        </div>
        {rerun.error && <ProblemNotice title="Couldn't start the rerun" error={rerun.error} />}
      </div>
    </ConfirmDialog>
  );
}
