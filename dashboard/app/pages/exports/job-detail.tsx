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

const COMPRESSION_WORDS = { none: 'uncompressed', gzip: 'gzip', zstd: 'zstd' } as const;

/** All details of a job. */
export function JobDetail({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  return (
    <div className="grid gap-6">
      <JobMessage job={job} />
      <DetailSection title="Scope">
        <FilterSummary query={queryOfJob(job)} />
        <Disclosure label="As JSON">
          <CodeBlock text={JSON.stringify(job.filters, null, 2)} label="Copy filter" />
        </Disclosure>
      </DetailSection>
      <DetailSection title="Details">
        <DetailList>
          <Detail name="ID">
            <span className="flex items-center gap-1">
              <code className="truncate text-xs">{job.jobId}</code>
              <CopyButton text={job.jobId} label="Copy job ID" />
            </span>
          </Detail>
          <Detail name="Format">
            {job.format}, {COMPRESSION_WORDS[job.compression]}
            {job.format === 'CSV' &&
              `, ${job.csv.formulaGuard ? 'formulas escaped' : 'formulas not escaped'}${job.csv.bom ? ', UTF-8 byte order mark' : ''}`}
            {job.csv.columns !== undefined && (
              <span className="block text-muted">Columns: {job.csv.columns.join(', ')}</span>
            )}
          </Detail>
          <Detail name="Rows">
            {job.status === 'succeeded' ? formatCount(job.rowsExported) : unfinishedRows(job)}
            {job.truncated && ', truncated at the row limit: more events match'}
            {job.rowsExpectedReason === 'COUNT_TOOK_TOO_LONG' && (
              <span className="block text-muted">
                Not checked against an independent count: counting the events took longer than 2
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
      <DetailSection title="Timeline">
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

/** Rows of a job without a finished file: its progress, or how far it got. */
function unfinishedRows({ status, rowsExported, rowsExpected }: ExportJob): string {
  const total = rowsExpected === null ? 'an unknown total' : formatCount(rowsExpected);
  const read = `${formatCount(rowsExported)} of ${total}`;
  return isTerminal(status) ? `None (${read} read before it stopped)` : read;
}
