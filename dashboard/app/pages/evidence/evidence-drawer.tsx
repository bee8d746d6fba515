import { Link } from '@tanstack/react-router';
import type { Evidence } from '../../api/evidence.ts';
import { FilterSummary } from '../../exports/filter-summary.tsx';
import { formatCount, shortId } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useWorkspaceName } from '../../session/session.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Detail, DetailList, DetailSection } from '../../ui/details.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Drawer } from '../../ui/overlay/drawer.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { EvidenceChanges } from './evidence-changes.tsx';
import { evidenceText, outcomeWords } from './evidence-words.ts';

const KINDS = { user: 'person', api_key: 'API key', system: 'Exhibit' } as const;

interface EvidenceDrawerProps {
  readonly evidence: Evidence | undefined;
  readonly onClose: () => void;
}

/** All details of one row of evidence. */
export function EvidenceDrawer({ evidence, onClose }: EvidenceDrawerProps) {
  return (
    <Drawer
      open={evidence !== undefined}
      onClose={onClose}
      title={evidence ? evidenceText(evidence) : ''}
    >
      {evidence && (
        <ErrorBoundary
          key={evidence.id}
          fallback={<CodeBlock text={JSON.stringify(evidence, null, 2)} label="Copy row" />}
        >
          <EvidenceDetail evidence={evidence} />
        </ErrorBoundary>
      )}
    </Drawer>
  );
}

function EvidenceDetail({ evidence }: { readonly evidence: Evidence }) {
  const {
    user,
    at,
    jobId,
    subjectId,
    format,
    bytes,
    range,
    sha256,
    outcome,
    requestId,
    ip,
    userAgent,
    filters,
  } = evidence;
  const { workspaceIds, workspaces, purpose, changes, ...details } = evidence.details ?? {};
  const covered = Array.isArray(workspaceIds)
    ? workspaceIds.filter((id) => typeof id === 'string')
    : undefined;
  const workspaceName = useWorkspaceName();
  const { label, tone } = outcomeWords(outcome);
  return (
    <div className="grid gap-6">
      <DetailList>
        <Detail name="Outcome">
          <Badge tone={tone}>{label}</Badge>
        </Detail>
        <Detail name="Time">
          <Timestamp value={at} />
        </Detail>
        <Detail name="Actor">
          <bdi>{visibleText(user.label)}</bdi>{' '}
          <span className="text-muted">({KINDS[user.type]})</span>
        </Detail>
        <Detail name="Export">
          {jobId !== null && (
            <Link
              to="/exports/$jobId"
              params={{ jobId }}
              className="font-mono text-xs text-accent underline"
            >
              {shortId(jobId)}
            </Link>
          )}
        </Detail>
        <Detail name="Subject ID">
          {subjectId !== null && subjectId !== jobId && (
            <code className="text-xs break-all">{subjectId}</code>
          )}
        </Detail>
        <Detail name="Format">{format}</Detail>
        <Detail name="Workspaces">
          {placesText(workspaces) ?? covered?.map(workspaceName).join(', ')}
        </Detail>
        <Detail name="Purpose">{typeof purpose === 'string' && visibleText(purpose)}</Detail>
        <Detail name="Bytes">{bytes !== null && formatCount(bytes)}</Detail>
        <Detail name="Range">
          {range !== null && `Bytes ${formatCount(range.start)}–${formatCount(range.end - 1)}`}
        </Detail>
        <Detail name="SHA-256">
          {sha256 !== null && (
            <span className="flex items-center gap-1">
              <code className="truncate text-xs">{sha256}</code>
              <CopyButton text={sha256} label="Copy SHA-256" />
            </span>
          )}
        </Detail>
        <Detail name="IP address">{ip}</Detail>
        <Detail name="User agent">{userAgent}</Detail>
        <Detail name="Request ID">
          {requestId !== null && (
            <span className="flex items-center gap-1">
              <code className="truncate text-xs">{requestId}</code>
              <CopyButton text={requestId} label="Copy request ID" />
            </span>
          )}
        </Detail>
      </DetailList>
      {filters !== null && (
        <DetailSection title="Scope">
          <FilterSummary
            query={filters}
            allWorkspaces={
              covered
                ? 'All workspaces listed above'
                : 'All workspaces of the person who requested it'
            }
          />
          <Disclosure label="As JSON">
            <CodeBlock text={JSON.stringify(filters, null, 2)} label="Copy filter" />
          </Disclosure>
        </DetailSection>
      )}
      <EvidenceChanges changes={changes} />
      {Object.keys(details).length > 0 && (
        <DetailSection title="More details">
          <CodeBlock text={JSON.stringify(details, null, 2)} label="Copy details" />
        </DetailSection>
      )}
    </div>
  );
}

/** The names of the workspaces at that time. */
function placesText(workspaces: unknown): string | undefined {
  if (!Array.isArray(workspaces) || workspaces.length === 0) return undefined;
  return workspaces.map((name) => visibleText(String(name))).join(', ');
}
