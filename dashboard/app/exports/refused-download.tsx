import { useSyncExternalStore } from 'react';
import type { ExportJob } from '../api/exports.ts';
import { formatBytes } from '../format/numbers.ts';
import { useMe } from '../session/session.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Dialog } from '../ui/overlay/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { downloadCommand } from './download-command.ts';
import { isTooLarge } from './export-actions.ts';

interface Refusal {
  readonly job: Pick<ExportJob, 'jobId' | 'bytes'>;
  readonly message: string;
  readonly open: boolean;
}

let refusal: Refusal | undefined;
const listeners = new Set<() => void>();

function set(next: Refusal | undefined): void {
  refusal = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Shows why a file can't be downloaded, in a dialog, because the toast or row that was clicked may disappear. */
export function refuse(job: Refusal['job'], message: string): void {
  set({ job, message, open: true });
}

/** Mounted once in the app. */
export function RefusedDownload() {
  const shown = useSyncExternalStore(subscribe, () => refusal);
  const me = useMe();
  if (shown === undefined) return null;
  const { job, message, open } = shown;
  const tooLarge = isTooLarge(job, me);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && set({ ...shown, open: false })}
      title="This file can't be downloaded here"
    >
      <div className="grid gap-3 pb-2">
        {tooLarge ? (
          <>
            <Notice tone="warning" title={`The file has ${formatBytes(job.bytes ?? 0)}`}>
              The dashboard serves files up to {formatBytes(me.maxDownloadBytes)}. Use the command
              line: it resumes interrupted downloads and verifies the digest:
            </Notice>
            <CodeBlock text={downloadCommand(job.jobId, me)} label="Copy command" />
          </>
        ) : (
          <Notice tone="danger">{message}</Notice>
        )}
      </div>
    </Dialog>
  );
}

/** Clears the message, which was for the user who was signed in. */
export function forgetRefusal(): void {
  set(undefined);
}
