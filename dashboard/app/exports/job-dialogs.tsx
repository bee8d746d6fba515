import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { ExportJob } from '../api/exports.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { DeleteFileDialog } from './delete-file-dialog.tsx';
import { ExportDialog } from './dialog/export-dialog.tsx';
import { queryOfJob } from './open-in-explorer.ts';
import { RerunDialog } from './rerun-dialog.tsx';

export type JobDialogKind = 'cancel' | 'rerun' | 'edit' | 'delete-file';

const Opener = createContext<(kind: JobDialogKind, job: ExportJob) => void>(() => undefined);

/** Opens a dialog about a job. The dialog stays open even if the row that opened it disappears. */
export function useJobDialog(): (kind: JobDialogKind, job: ExportJob) => void {
  return useContext(Opener);
}

/** Renders the dialogs about jobs above the list, whose rows and drawer may unmount. */
export function JobDialogs({ children }: { readonly children: ReactNode }) {
  const [job, setJob] = useState<ExportJob>();
  const [shown, setShown] = useState<JobDialogKind>();
  const open = useMemo(
    () => (kind: JobDialogKind, about: ExportJob) => {
      setJob(about);
      setShown(kind);
    },
    [],
  );
  const close = () => setShown(undefined);
  return (
    <Opener value={open}>
      {children}
      {job && (
        <>
          <CancelDialog job={job} open={shown === 'cancel'} onClose={close} />
          <DeleteFileDialog job={job} open={shown === 'delete-file'} onClose={close} />
          {/* Remounted for each opening, because the new job's ID is generated on mount. */}
          {shown === 'rerun' && <RerunDialog job={job} onClose={close} />}
          <ExportDialog
            open={shown === 'edit'}
            onOpenChange={close}
            start={{
              title: 'Edit and rerun',
              editable: true,
              query: queryOfJob(job),
              ...(job.savedExplorerViewId !== null && { savedViewId: job.savedExplorerViewId }),
              format: job.format,
              compression: job.compression,
              csv: job.csv,
              ...(job.purpose !== null && { purpose: job.purpose }),
              ...(job.limit !== null && { limit: job.limit }),
            }}
          />
        </>
      )}
    </Opener>
  );
}
