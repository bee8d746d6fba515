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
  Trash2,
} from 'lucide-react';
import type { ExportJob } from '../api/exports.ts';
import { useMe } from '../session/session.tsx';
import { copyText } from '../ui/copy-text.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/overlay/menu.tsx';
import { showToast } from '../ui/overlay/toast.tsx';
import { actionReason } from './export-actions.ts';
import { useJobDialog } from './job-dialogs.tsx';
import { useOpenInExplorer } from './use-open-in-explorer.ts';

/** All actions on a job; disabled ones show the reason. Must be rendered within `JobDialogs`. */
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
  const openDialog = useJobDialog();
  const reason = (action: Parameters<typeof actionReason>[0]) => actionReason(action, job, me);
  const rerun = reason('rerun');
  const cancel = reason('cancel');
  const deleteFile = reason('delete-file');
  return (
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
          <MenuItem
            icon={RotateCcw}
            disabledReason={rerun}
            onSelect={() => openDialog('rerun', job)}
          >
            Rerun
          </MenuItem>
          <MenuItem icon={PencilLine} onSelect={() => openDialog('edit', job)}>
            Edit and rerun…
          </MenuItem>
        </>
      )}
      <MenuItem
        icon={FilePlus2}
        onSelect={() =>
          void navigate({ to: '/exports/templates', search: { from: `job:${job.jobId}` } })
        }
      >
        Save as template…
      </MenuItem>
      <MenuItem icon={Copy} onSelect={() => void copyJobId(job.jobId)}>
        Copy job ID
      </MenuItem>
      {cancel !== undefined && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={Ban}
            danger
            disabledReason={cancel}
            onSelect={() => openDialog('cancel', job)}
          >
            Cancel…
          </MenuItem>
        </>
      )}
      {deleteFile !== undefined && (
        <>
          <MenuSeparator />
          <MenuItem
            icon={Trash2}
            danger
            disabledReason={deleteFile}
            onSelect={() => openDialog('delete-file', job)}
          >
            Delete file…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

async function copyJobId(jobId: string): Promise<void> {
  if (await copyText(jobId)) showToast({ tone: 'success', title: 'Job ID copied', body: jobId });
}
