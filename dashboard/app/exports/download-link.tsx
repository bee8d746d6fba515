import { type MouseEvent, type ReactNode, useState } from 'react';
import { downloadPath, type ExportJob } from '../api/exports.ts';
import { headOf } from '../api/head.ts';
import { ApiProblem } from '../api/problem.ts';
import { saveFile } from '../ui/save-file.ts';
import { refuse } from './refused-download.tsx';

interface DownloadLinkProps {
  readonly job: Pick<ExportJob, 'jobId' | 'bytes'>;
  readonly className?: string;
  readonly children: ReactNode;
  readonly label?: string;
}

/**
 * A link to the file, which the browser saves. Checks with the server before following the link, so that an error is
 * shown here and not as a page of JSON.
 */
export function DownloadLink({ job, className, children, label }: DownloadLinkProps) {
  const [asking, setAsking] = useState(false);
  const path = downloadPath(job.jobId);
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    // Leave new tabs and copied links to the browser.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setAsking(true);
    headOf(path)
      .then(
        () => saveFile(path),
        (error: unknown) => {
          // An ended session leads to the sign-in page.
          if (error instanceof ApiProblem && error.status === 401) return;
          refuse(job, error instanceof Error ? error.message : String(error));
        },
      )
      .finally(() => setAsking(false));
  };
  return (
    <a
      href={path}
      download
      aria-busy={asking || undefined}
      aria-label={label}
      onClick={click}
      className={className}
    >
      {children}
    </a>
  );
}
