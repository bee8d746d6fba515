import { useNavigate } from '@tanstack/react-router';
import type { ExportJob } from '../api/exports.ts';
import { viewQuery } from '../api/presets.ts';
import { queryClient } from '../api/query-client.ts';
import { showToast } from '../ui/toast.tsx';
import { explorerSearch } from './open-in-explorer.ts';

/** Opens the explorer with what a job covers; says so when the saved view it came from is gone. */
export function useOpenInExplorer(): (job: ExportJob) => void {
  const navigate = useNavigate();
  const open = async (job: ExportJob) => {
    const view = job.savedExplorerViewId;
    const exists =
      view !== null &&
      (await queryClient.fetchQuery({ ...viewQuery(view), retry: false }).then(
        () => true,
        () => false,
      ));
    if (view !== null && !exists) {
      showToast({
        tone: 'info',
        title: 'The saved view is gone',
        body: 'These are the filters that the export captured from it.',
      });
    }
    await navigate({ to: '/events', search: explorerSearch(job, exists) });
  };
  return (job) => void open(job);
}
