import { Link } from '@tanstack/react-router';
import type { Evidence } from '../../api/evidence.ts';
import { shortId } from '../../format/numbers.ts';
import { useTimeZone } from '../../time/time-zone.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { RowBoundary } from '../../ui/row-boundary.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { EVIDENCE_WORDS, evidenceText, outcomeWords } from './evidence-words.ts';

interface EvidenceTableProps {
  readonly rows: readonly Evidence[];
  readonly stale: boolean;
  readonly onOpen: (evidence: Evidence) => void;
}

export function EvidenceTable({ rows, stale, onOpen }: EvidenceTableProps) {
  const { choice, name } = useTimeZone();
  return (
    <div aria-busy={stale} className={classNames(stale && 'opacity-55')}>
      <Table aria-label="Evidence" className="border-t">
        <thead>
          <tr>
            <Th className="pl-4 lg:pl-6">Time ({choice === 'UTC' ? 'UTC' : name})</Th>
            <Th className="max-sm:hidden">Actor</Th>
            <Th>Activity</Th>
            <Th className="max-md:hidden">Export</Th>
            <Th className="max-lg:hidden">IP address</Th>
            <Th className="pr-4 lg:pr-6">Outcome</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <RowBoundary key={row.id} id={row.id}>
              <Row row={row} onOpen={onOpen} />
            </RowBoundary>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Row({
  row,
  onOpen,
}: {
  readonly row: Evidence;
  readonly onOpen: (evidence: Evidence) => void;
}) {
  const { label, tone } = outcomeWords(row.outcome);
  const Icon = EVIDENCE_WORDS[row.type]?.icon;
  return (
    <Tr>
      <Td className="pl-4 lg:pl-6">
        <Timestamp value={row.at} bare />
      </Td>
      <Td className="max-w-56 truncate max-sm:hidden" title={row.user.label}>
        <bdi>{row.user.label}</bdi>
      </Td>
      <Td className="max-sm:py-1.5">
        <button
          type="button"
          data-row
          onClick={() => onOpen(row)}
          className="inline-flex items-center gap-2 rounded-sm text-left hover:text-accent"
        >
          {Icon && <Icon aria-hidden size={15} strokeWidth={1.8} className="shrink-0 text-muted" />}
          {evidenceText(row)}
        </button>
        <bdi className="block max-w-40 truncate text-xs text-muted sm:hidden">{row.user.label}</bdi>
      </Td>
      <Td className="max-md:hidden">
        {row.jobId === null ? (
          <span className="text-muted">–</span>
        ) : (
          <Link
            to="/exports/$jobId"
            params={{ jobId: row.jobId }}
            className="font-mono text-xs text-accent hover:underline"
          >
            {shortId(row.jobId)}
          </Link>
        )}
      </Td>
      <Td className="font-mono text-xs max-lg:hidden">{row.ip ?? '–'}</Td>
      <Td className="pr-4 lg:pr-6">
        <Badge tone={tone}>{label}</Badge>
      </Td>
    </Tr>
  );
}

export function EvidenceTableSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading evidence" className="border-t">
      {Array.from({ length: 12 }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-6 border-b px-4 lg:px-6">
          <Skeleton className="h-3.5 w-36" />
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-3.5 flex-1" />
        </div>
      ))}
    </div>
  );
}
