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
 * A plain link to the file, which the browser saves by itself. Before it goes there, the server is asked
 * whether it would answer: a refusal is shown here, not as a page of JSON.
 */
export function DownloadLink({ job, className, children, label }: DownloadLinkProps) {
  const [asking, setAsking] = useState(false);
  const path = downloadPath(job.jobId);
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    // A new tab, a copied link: the browser's own business.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setAsking(true);
    headOf(path)
      .then(
        () => saveFile(path),
        (error: unknown) => {
          // Whoever is not signed in any more is led to the sign-in.
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
