import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ExportJob, exportsQuery } from '../../api/exports.ts';
import { isGone } from '../../api/problem.ts';
import { templateQuery, viewQuery } from '../../api/presets.ts';
import { searchOfQuery } from '../../events/event-search.ts';
import { shortId } from '../../format/numbers.ts';
import { Detail, DetailList, DetailSection } from '../../ui/details.tsx';

const MAX_RERUNS = 50;
const LINK = 'text-accent underline underline-offset-2';

/** The sources of a job (view, template, earlier job) and its reruns. */
export function JobLineage({ job }: { readonly job: ExportJob }) {
  const { savedExplorerViewId: viewId, templateId, rerunOf, jobId } = job;
  const view = useQuery({ ...viewQuery(viewId ?? ''), enabled: viewId !== null, retry: false });
  const template = useQuery({
    ...templateQuery(templateId ?? ''),
    enabled: templateId !== null,
    retry: false,
  });
  const list = useQuery(exportsQuery({ rerunOf: jobId, limit: MAX_RERUNS }));
  // While the reruns load, the previous job's are still cached as a placeholder.
  const reruns = list.data?.data.filter((other) => other.rerunOf === jobId) ?? [];
  if (viewId === null && templateId === null && rerunOf === null && reruns.length === 0)
    return null;
  return (
    <DetailSection title="Lineage">
      <DetailList>
        {viewId !== null && (
          <Detail name="Saved view">
            {view.data && !isGone(view.error) ? (
              <Link to="/events" search={searchOfQuery(view.data.query, viewId)} className={LINK}>
                {view.data.name}
              </Link>
            ) : (
              <NotThere error={view.error} name="view" />
            )}
          </Detail>
        )}
        {templateId !== null && (
          <Detail name="Template">
            {template.data && !isGone(template.error) ? (
              <Link to="/exports/templates" search={{ q: template.data.name }} className={LINK}>
                {template.data.name}
              </Link>
            ) : (
              <NotThere error={template.error} name="template" />
            )}
          </Detail>
        )}
        {rerunOf !== null && (
          <Detail name="Rerun of">
            <JobLink jobId={rerunOf} />
          </Detail>
        )}
        {reruns.length > 0 && (
          <Detail name="Rerun as">
            <span className="flex flex-wrap gap-x-3">
              {reruns.map((rerun) => (
                <JobLink key={rerun.jobId} jobId={rerun.jobId} />
              ))}
              {list.data?.nextCursor != null && (
                <span className="text-muted">and earlier ones</span>
              )}
            </span>
          </Detail>
        )}
      </DetailList>
    </DetailSection>
  );
}

/** Shown for a source that was deleted, failed to load, or is loading. */
function NotThere({ error, name }: { readonly error: Error | null; readonly name: string }) {
  return (
    <span className="text-muted">
      {error === null
        ? '…'
        : isGone(error)
          ? `The ${name} was deleted. Its filters are kept above.`
          : `Couldn't load the ${name}. Its filters are kept above.`}
    </span>
  );
}

function JobLink({ jobId }: { readonly jobId: string }) {
  return (
    <Link to="/exports/$jobId" params={{ jobId }} className={`${LINK} font-mono text-xs`}>
      {shortId(jobId)}
    </Link>
  );
}
