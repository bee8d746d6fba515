import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { ExportJob } from '../../api/exports.ts';
import { DownloadLink } from '../../exports/download-link.tsx';
import { actionReason } from '../../exports/export-actions.ts';
import { ExportStatusBadge } from '../../exports/export-status-badge.tsx';
import { JobMenu } from '../../exports/job-menu.tsx';
import { Requester } from '../../exports/requester.tsx';
import { RowsCell } from '../../exports/rows-cell.tsx';
import { formatBytes, shortId } from '../../format/numbers.ts';
import { useMe, useWorkspaceName } from '../../session/session.tsx';
import { formatShort } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ItemBoundary, RowBoundary } from '../../ui/row-boundary.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { useIsPhone } from '../../ui/use-is-phone.ts';
import type { ExportsSearch } from './exports-search.ts';

interface ExportsTableProps {
  readonly jobs: readonly ExportJob[];
  readonly search: ExportsSearch;
  readonly stale: boolean;
  readonly nextCursor: string | null;
  readonly onShow: (next: ExportsSearch) => void;
}

export function ExportsTable({ jobs, search, stale, nextCursor, onShow }: ExportsTableProps) {
  const isPhone = useIsPhone();
  const { choice, name } = useTimeZone();
  const zone = choice === 'UTC' ? 'UTC' : name;
  const { cursor: _cursor, ...first } = search;
  return (
    <div aria-busy={stale} className={classNames('transition-opacity', stale && 'opacity-55')}>
      {isPhone ? (
        <>
          <p className="px-4 pb-1 text-xs text-muted">Times in {zone}</p>
          <ul aria-label="Exports" className="border-t">
            {jobs.map((job) => (
              <ItemBoundary key={job.jobId} id={job.jobId}>
                <JobItem job={job} search={search} />
              </ItemBoundary>
            ))}
          </ul>
        </>
      ) : (
        <Table aria-label="Exports">
          <thead>
            <tr>
              <Th className="pl-4 lg:pl-6">Status</Th>
              <Th>Format</Th>
              <Th>Rows</Th>
              <Th className="text-right">Size</Th>
              <Th>Requester</Th>
              <Th className="max-xl:hidden">Workspace</Th>
              <Th>Created ({zone})</Th>
              <Th className="max-lg:hidden">Finished ({zone})</Th>
              <Th className="pr-4 text-right lg:pr-6">
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <RowBoundary key={job.jobId} id={job.jobId}>
                <JobRow job={job} search={search} />
              </RowBoundary>
            ))}
          </tbody>
        </Table>
      )}
      {(nextCursor !== null || search.cursor !== undefined) && (
        <div className="flex justify-end gap-2 px-4 py-3 lg:px-6">
          {search.cursor !== undefined && <Button onClick={() => onShow(first)}>Newest</Button>}
          <Button
            disabledReason={nextCursor === null ? 'There are no older exports' : null}
            onClick={() => nextCursor !== null && onShow({ ...first, cursor: nextCursor })}
          >
            Older
          </Button>
        </div>
      )}
    </div>
  );
}

interface JobProps {
  readonly job: ExportJob;
  readonly search: ExportsSearch;
}

function JobRow({ job, search }: JobProps) {
  const workspaceName = useWorkspaceName();
  const { workspaces } = useMe();
  const all = job.workspaceIds.length === workspaces.length && workspaces.length > 1;
  return (
    <Tr>
      <Td className="pl-4 lg:pl-6">
        <Link
          to="/exports/$jobId"
          params={{ jobId: job.jobId }}
          search={search}
          data-row
          className="inline-block rounded-md"
        >
          <ExportStatusBadge
            status={job.status}
            canceling={job.cancelRequestedAt !== null && job.status === 'running'}
          />
          <span className="sr-only"> View export {shortId(job.jobId)}</span>
        </Link>
      </Td>
      <Td className="whitespace-nowrap">
        {job.format}
        {job.compression !== 'none' && <span className="text-muted"> {job.compression}</span>}
      </Td>
      <Td>
        <RowsCell job={job} />
      </Td>
      <Td className="text-right whitespace-nowrap tabular-nums">
        {job.bytes === null ? '–' : formatBytes(job.bytes)}
      </Td>
      <Td className="max-w-52 truncate">
        <Requester job={job} />
      </Td>
      <Td
        className="max-w-44 truncate max-xl:hidden"
        title={job.workspaceIds.map(workspaceName).join(', ')}
      >
        {all ? 'All' : job.workspaceIds.map(workspaceName).join(', ')}
      </Td>
      <Td>
        <Timestamp value={job.createdAt} bare />
      </Td>
      <Td className="max-lg:hidden">
        {job.finishedAt === null ? (
          <span className="text-muted">–</span>
        ) : (
          <Timestamp value={job.finishedAt} bare />
        )}
      </Td>
      <Td className="pr-4 lg:pr-6">
        <span className="flex justify-end gap-0.5">
          <QuickDownload job={job} />
          <JobMenu job={job} />
        </span>
      </Td>
    </Tr>
  );
}

function QuickDownload({ job }: { readonly job: ExportJob }) {
  const me = useMe();
  const reason = actionReason('download', job, me);
  if (reason === undefined) return null;
  if (reason !== null)
    return <IconButton label="Download" icon={Download} disabledReason={reason} />;
  return (
    <DownloadLink
      job={job}
      label="Download"
      className="inline-grid size-7 place-items-center rounded-md text-muted hover:bg-raised hover:text-text"
    >
      <Download aria-hidden size={16} strokeWidth={1.8} />
    </DownloadLink>
  );
}

/** A job on a phone: two lines, a download button, and the other actions in the menu. */
function JobItem({ job, search }: JobProps) {
  const { name: zone } = useTimeZone();
  return (
    <li className="flex items-center gap-2 border-b px-4 py-2.5">
      <Link
        to="/exports/$jobId"
        params={{ jobId: job.jobId }}
        search={search}
        data-row
        className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-1"
      >
        <span className="flex items-center gap-2">
          <ExportStatusBadge
            status={job.status}
            canceling={job.cancelRequestedAt !== null && job.status === 'running'}
          />
          <span className="text-sm">
            {job.format}
            {job.compression !== 'none' && ` ${job.compression}`}
          </span>
          <span className="ml-auto min-w-0 text-sm">
            <RowsCell job={job} />
          </span>
        </span>
        <span className="flex items-center gap-2 text-xs text-muted">
          <Requester job={job} />
          <span className="ml-auto shrink-0 tabular-nums">
            {job.bytes === null ? '' : `${formatBytes(job.bytes)} · `}
            {formatShort(new Date(job.createdAt), zone)}
          </span>
        </span>
      </Link>
      <QuickDownload job={job} />
      <JobMenu job={job} />
    </li>
  );
}

export function ExportsTableSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading exports" className="border-t">
      {Array.from({ length: 10 }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-6 border-b px-4 lg:px-6">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="h-3.5 w-16" />
          <Skeleton className="h-3.5 w-20" />
          <Skeleton className="h-3.5 w-40 max-sm:hidden" />
          <Skeleton className="h-3.5 flex-1 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
