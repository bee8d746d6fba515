import { useQuery } from '@tanstack/react-query';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { downloadPath, type ExportJob } from '../api/exports.ts';
import { headOf } from '../api/head.ts';
import { meQuery } from '../api/me.ts';
import { formatBytes } from '../format/numbers.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { saveFile } from '../ui/save-file.ts';
import { downloadCommand } from './download-command.ts';
import { isTooLarge } from './export-actions.ts';

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
  const [refusal, setRefusal] = useState<string>();
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
        (error: unknown) => setRefusal(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => setAsking(false));
  };
  return (
    <>
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
      <RefusedDownload job={job} refusal={refusal} onClose={() => setRefusal(undefined)} />
    </>
  );
}

interface RefusedDownloadProps {
  readonly job: Pick<ExportJob, 'jobId' | 'bytes'>;
  readonly refusal: string | undefined;
  readonly onClose: () => void;
}

function RefusedDownload({ job, refusal, onClose }: RefusedDownloadProps) {
  // Asked of the cache: toasts hold these links, too, outside the signed-in part of the page.
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  const maxDownloadBytes = me?.maxDownloadBytes ?? Number.POSITIVE_INFINITY;
  const tooLarge = isTooLarge(job, { maxDownloadBytes });
  return (
    <Dialog
      open={refusal !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title="This file is not downloaded"
    >
      <div className="grid gap-3 pb-2">
        {tooLarge ? (
          <>
            <Notice tone="warning" title={`The file has ${formatBytes(job.bytes ?? 0)}`}>
              The dashboard hands through at most {formatBytes(maxDownloadBytes)}. Fetch it with the
              command line, which goes on after a cut and checks the digest:
            </Notice>
            {me && <CodeBlock text={downloadCommand(job.jobId, me)} label="Copy the command" />}
          </>
        ) : (
          <Notice tone="danger">{refusal}</Notice>
        )}
      </div>
    </Dialog>
  );
}
