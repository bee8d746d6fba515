import { Link } from '@tanstack/react-router';
import type { ExportJob } from '../../api/exports.ts';
import { buttonClass } from '../../ui/button.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';

/** Shows "Export started" with a link. The toast about the result replaces it. */
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
