import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Ban, Fingerprint, SearchX, Sheet } from 'lucide-react';
import { evidenceCsvPath, evidenceQuery } from '../../api/evidence.ts';
import { queryClient } from '../../api/query-client.ts';
import { useMe } from '../../session/session.tsx';
import { CheckedLink } from '../../shell/checked-link.tsx';
import { exportBlocked, unresolvedParameters } from '../../ignored-parameters.ts';
import { IgnoredNotice } from '../../shell/ignored-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { useRowKeys } from '../../shell/row-keys.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { EvidenceDrawer } from './evidence-drawer.tsx';
import { EvidenceFilters } from './evidence-filters.tsx';
import { checkEvidenceSearch, type EvidenceSearch } from './evidence-search.ts';
import { EvidenceTable, EvidenceTableSkeleton } from './evidence-table.tsx';

const PAGE = 50;

/** The evidence: who requested, reran, canceled and downloaded exports. */
export function EvidencePage() {
  const me = useMe();
  if (!me.permissions.administer) {
    return (
      <>
        <PageHeader title="Evidence" />
        <EmptyState icon={Ban} title="Evidence is for owners and admins">
          It shows who exported and downloaded data across the company. Contact an owner or admin
          for access.
        </EmptyState>
      </>
    );
  }
  return <EvidenceList />;
}

function EvidenceList() {
  // Parsed here as well, because the router merges the parsed parameters with the raw ones.
  const address = useSearch({ from: '/signed-in/evidence' });
  const checked = checkEvidenceSearch(address);
  const search: EvidenceSearch = checked.read;
  const blocked = exportBlocked(checked.ignored);
  const navigate = useNavigate({ from: '/evidence' });
  const { cursor, row, ...filter } = search;
  const list = useQuery(evidenceQuery({ ...filter, cursor, limit: PAGE }));
  // Reset (no filters) also removes ignored parameters.
  const show = (next: EvidenceSearch) =>
    void navigate({
      search:
        Object.keys(next).length === 0
          ? next
          : { ...unresolvedParameters(address, checked.ignored, next), ...next },
    });
  const filtered = Object.keys(filter).length > 0;
  const rows = list.data?.data ?? [];
  const openIndex = rows.findIndex(({ id }) => id === row);
  // Moving between rows in the open drawer replaces the history entry, so that one Back closes it.
  const open = (id: string) =>
    void navigate({ search: { ...address, ...search, row: id }, replace: row !== undefined });
  useRowKeys({
    openIndex,
    count: rows.length,
    onOpen: (index) => {
      const next = rows[index];
      if (next !== undefined) open(next.id);
    },
  });
  return (
    <>
      <PageHeader
        title="Evidence"
        actions={
          blocked === null ? (
            <CheckedLink
              path={evidenceCsvPath(filter)}
              check={() =>
                queryClient.fetchQuery({ ...evidenceQuery({ ...filter, limit: 1 }), staleTime: 0 })
              }
              refused="Couldn't download the evidence"
              className={buttonClass()}
            >
              <Sheet aria-hidden size={15} /> Export CSV
            </CheckedLink>
          ) : (
            <Button icon={Sheet} disabledReason={blocked}>
              Export CSV
            </Button>
          )
        }
      />
      <IgnoredNotice
        ignored={checked.ignored}
        consequence="Export CSV is unavailable until you continue."
        onContinue={() => void navigate({ search, replace: true })}
      />
      <EvidenceFilters search={search} rows={rows} onChange={show} />
      {list.error && !list.data ? (
        <ProblemState
          error={list.error}
          onRetry={() => void list.refetch()}
          title="Couldn't load the evidence"
        />
      ) : list.data === undefined || (list.isPlaceholderData && rows.length === 0) ? (
        <EvidenceTableSkeleton />
      ) : rows.length === 0 ? (
        cursor !== undefined ? (
          <EmptyState
            icon={SearchX}
            title="No older evidence"
            actions={<Button onClick={() => show(filter)}>Newest</Button>}
          >
            You have reached the end of the list.
          </EmptyState>
        ) : filtered ? (
          <EmptyState
            icon={SearchX}
            title="No matching activity"
            actions={<Button onClick={() => show({})}>Show all evidence</Button>}
          >
            No activity matches these filters.
          </EmptyState>
        ) : (
          <EmptyState icon={Fingerprint} title="No evidence yet">
            Every export that is requested, rerun, canceled or downloaded is recorded here
            permanently.
          </EmptyState>
        )
      ) : (
        <EvidenceTable rows={rows} stale={list.isPlaceholderData} onOpen={({ id }) => open(id)} />
      )}
      {rows.length > 0 && (list.data?.nextCursor != null || cursor !== undefined) && (
        <div className="flex justify-end gap-2 px-4 py-3 lg:px-6">
          {cursor !== undefined && <Button onClick={() => show(filter)}>Newest</Button>}
          <Button
            disabledReason={list.data?.nextCursor == null ? 'There is no older evidence' : null}
            onClick={() =>
              list.data?.nextCursor != null && show({ ...filter, cursor: list.data.nextCursor })
            }
          >
            Older
          </Button>
        </div>
      )}
      <EvidenceDrawer
        evidence={rows[openIndex]}
        onClose={() => show({ ...filter, ...(cursor !== undefined && { cursor }) })}
      />
    </>
  );
}
