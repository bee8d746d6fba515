import { useNavigate } from '@tanstack/react-router';
import {
  Ban,
  CalendarSearch,
  Copy,
  Eye,
  FilePlus2,
  MoreHorizontal,
  PencilLine,
  RotateCcw,
} from 'lucide-react';
import { useState } from 'react';
import type { ExportJob } from '../api/exports.ts';
import { useMe } from '../session/session.tsx';
import { copyText } from '../ui/copy-text.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { actionReason } from './export-actions.ts';
import { ExportDialog } from './export-dialog.tsx';
import { queryOfJob } from './open-in-explorer.ts';
import { RerunDialog } from './rerun-dialog.tsx';
import { useOpenInExplorer } from './use-open-in-explorer.ts';

/** Everything that can be done with a job; what cannot be done now says why. */
export function JobMenu({
  job,
  withView = true,
}: {
  readonly job: ExportJob;
  readonly withView?: boolean;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const openInExplorer = useOpenInExplorer();
  const [dialog, setDialog] = useState<'cancel' | 'rerun' | 'edit'>();
  const reason = (action: Parameters<typeof actionReason>[0]) => actionReason(action, job, me);
  const close = () => setDialog(undefined);
  const rerun = reason('rerun');
  const cancel = reason('cancel');
  return (
    <>
      <Menu trigger={<IconButton label="More actions" icon={MoreHorizontal} />}>
        {withView && (
          <MenuItem
            icon={Eye}
            onSelect={() =>
              void navigate({
                to: '/exports/$jobId',
                params: { jobId: job.jobId },
                search: true,
              })
            }
          >
            View
          </MenuItem>
        )}
        <MenuItem icon={CalendarSearch} onSelect={() => openInExplorer(job)}>
          Open in Explorer
        </MenuItem>
        {rerun !== undefined && (
          <>
            <MenuItem icon={RotateCcw} disabledReason={rerun} onSelect={() => setDialog('rerun')}>
              Rerun
            </MenuItem>
            <MenuItem icon={PencilLine} onSelect={() => setDialog('edit')}>
              Edit, then rerun…
            </MenuItem>
          </>
        )}
        <MenuItem
          icon={FilePlus2}
          onSelect={() =>
            void navigate({ to: '/exports/templates', search: { from: `job:${job.jobId}` } })
          }
        >
          Make a template of it…
        </MenuItem>
        <MenuItem icon={Copy} onSelect={() => void copyJobId(job.jobId)}>
          Copy job id
        </MenuItem>
        {cancel !== undefined && (
          <>
            <MenuSeparator />
            <MenuItem
              icon={Ban}
              danger
              disabledReason={cancel}
              onSelect={() => setDialog('cancel')}
            >
              Cancel…
            </MenuItem>
          </>
        )}
      </Menu>
      <CancelDialog job={job} open={dialog === 'cancel'} onClose={close} />
      {/* Each time a new one: its job's id is drawn when it opens. */}
      {dialog === 'rerun' && <RerunDialog job={job} onClose={close} />}
      <ExportDialog
        open={dialog === 'edit'}
        onOpenChange={close}
        start={{
          title: 'Edit, then rerun',
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
  );
}

async function copyJobId(jobId: string): Promise<void> {
  if (await copyText(jobId)) showToast({ tone: 'success', title: 'Job id copied', body: jobId });
}
