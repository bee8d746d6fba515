import type { ExportJob } from '../../api/exports.ts';
import { isTerminal } from '../../exports/export-state.ts';
import { FilterSummary } from '../../exports/filter-summary.tsx';
import { queryOfJob } from '../../exports/open-in-explorer.ts';
import { Requester } from '../../exports/requester.tsx';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { useMe, useWorkspaceName } from '../../session/session.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Detail, DetailList, DetailSection } from '../../ui/details.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { JobChecks } from './job-checks.tsx';
import { JobDownloads } from './job-downloads.tsx';
import { JobLineage } from './job-lineage.tsx';
import { JobMessage } from './job-message.tsx';
import { JobTimeline } from './job-timeline.tsx';

const COMPRESSION_WORDS = { none: 'not compressed', gzip: 'gzip', zstd: 'zstd' } as const;

/** Everything about a job. */
export function JobDetail({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  return (
    <div className="grid gap-6">
      <JobMessage job={job} />
      <DetailSection title="What it covers">
        <FilterSummary query={queryOfJob(job)} />
        <Disclosure label="As JSON">
          <CodeBlock text={JSON.stringify(job.filters, null, 2)} label="Copy the filter" />
        </Disclosure>
      </DetailSection>
      <DetailSection title="Details">
        <DetailList>
          <Detail name="Id">
            <span className="flex items-center gap-1">
              <code className="truncate text-xs">{job.jobId}</code>
              <CopyButton text={job.jobId} label="Copy job id" />
            </span>
          </Detail>
          <Detail name="Format">
            {job.format}, {COMPRESSION_WORDS[job.compression]}
            {job.format === 'CSV' &&
              `, formula guard ${job.csv.formulaGuard ? 'on' : 'off'}${job.csv.bom ? ', byte order mark' : ''}`}
            {job.csv.columns !== undefined && (
              <span className="block text-muted">Columns: {job.csv.columns.join(', ')}</span>
            )}
          </Detail>
          <Detail name="Rows">
            {job.status === 'succeeded'
              ? formatCount(job.rowsExported)
              : `${isTerminal(job.status) ? 'None kept; it had read ' : ''}${formatCount(job.rowsExported)} of ${job.rowsExpected === null ? 'unknown' : formatCount(job.rowsExpected)}`}
            {job.truncated && ', cut at its row limit: more events match'}
            {job.rowsExpectedReason === 'COUNT_TOOK_TOO_LONG' && (
              <span className="block text-muted">
                Not compared with an independent count of the events: counting took longer than two
                seconds.
              </span>
            )}
          </Detail>
          {job.limit !== null && <Detail name="Row limit">{formatCount(job.limit)}</Detail>}
          {job.bytes !== null && (
            <Detail name="Size">
              {formatBytes(job.bytes)}{' '}
              <span className="text-muted">({formatCount(job.bytes)} bytes)</span>
            </Detail>
          )}
          <Detail name="Workspaces">{job.workspaceIds.map(workspaceName).join(', ')}</Detail>
          <Detail name="Requested by">
            <Requester job={job} />
          </Detail>
          {job.purpose !== null && <Detail name="Purpose">{job.purpose}</Detail>}
        </DetailList>
      </DetailSection>
      <DetailSection title="Lifecycle">
        <JobTimeline job={job} />
      </DetailSection>
      {job.status === 'succeeded' && <JobChecks job={job} />}
      <JobLineage job={job} />
      {me.permissions.administer && job.status === 'succeeded' && (
        <JobDownloads jobId={job.jobId} />
      )}
    </div>
  );
}
