import { useNavigate } from '@tanstack/react-router';
import type { ExportJob } from '../api/exports.ts';
import { viewQuery } from '../api/presets.ts';
import { isGone } from '../api/problem.ts';
import { queryClient } from '../api/query-client.ts';
import { useMe, useWorkspaceName } from '../session/session.tsx';
import { showToast } from '../ui/overlay/toast.tsx';
import { explorerSearch, queryOfJob } from './open-in-explorer.ts';

/** Opens the explorer with a job's scope, and shows a toast if its saved view was deleted. */
export function useOpenInExplorer(): (job: ExportJob) => void {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  const navigate = useNavigate();
  const open = async (job: ExportJob) => {
    const view = job.savedExplorerViewId;
    const gone =
      view !== null &&
      (await queryClient.fetchQuery({ ...viewQuery(view), retry: false }).then(
        () => false,
        // Other failures may be temporary; the explorer loads the view again.
        (error: unknown) => isGone(error),
      ));
    if (gone) {
      showToast({
        tone: 'info',
        title: 'The saved view was deleted',
        body: 'These are the filters that the export saved from it.',
      });
    }
    const own = (queryOfJob(job).workspaceIds ?? []).filter((id) =>
      me.workspaces.some((known) => known.id === id),
    );
    const [first] = own;
    if (!me.permissions.companyWide && first !== undefined && own.length > 1) {
      showToast({
        tone: 'info',
        title: `Showing ${workspaceName(first)} only`,
        body: `The export covers ${own.length} of your workspaces. Members view one workspace at a time.`,
      });
    }
    await navigate({ to: '/events', search: explorerSearch(job, !gone) });
  };
  return (job) => void open(job);
}
