import { Link } from '@tanstack/react-router';
import type { ExportJob } from '../../api/exports.ts';
import { buttonClass } from '../../ui/button.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';

/** "Export started", with the way to it; the toast that says how it ended takes its place. */
export function showExportStartedToast(job: ExportJob, title = 'Export started'): void {
  showToast({
    id: `export ${job.jobId}`,
    tone: 'info',
    title,
    body: "You can leave this page. We'll notify you when it finishes.",
    actions: (
      <Link
        to="/exports/$jobId"
        params={{ jobId: job.jobId }}
        className={buttonClass({ size: 'sm' })}
      >
        View progress
      </Link>
    ),
  });
}
