import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, Fingerprint } from 'lucide-react';
import type { AuditEvent, EventReceipt } from '../../api/audit-event.ts';
import { formatEventJson } from '../../api/event-json.ts';
import { eventQuery, type ReceivedEvent } from '../../api/events.ts';
import { isProblem } from '../../api/problem.ts';
import { isFilterValue } from '../../events/event-search.ts';
import { visibleText, visibleValue } from '../../format/visible-text.ts';
import { useWorkspaceName } from '../../session/session.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Detail, DetailList, DetailSection } from '../../ui/details.tsx';
import { Drawer } from '../../ui/overlay/drawer.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { integrityHints } from './integrity-hints.ts';
import { isBranch, JsonTree } from './json-tree.tsx';

interface EventDrawerProps {
  readonly id: string;
  /** The event, if the page has already loaded it. */
  readonly known: ReceivedEvent | undefined;
  readonly onClose: () => void;
  /** Undefined if the page has no event in that direction. */
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
  readonly onFilterTrace: (traceId: string) => void;
  readonly onFilterApiKey: (apiKeyId: string) => void;
}

/** All details of one event. Loads events that are not on the page, so that links to an event can be shared. */
export function EventDrawer({
  id,
  known,
  onClose,
  onPrevious,
  onNext,
  onFilterTrace,
  onFilterApiKey,
}: EventDrawerProps) {
  const { data, error, refetch } = useQuery({
    ...eventQuery(id),
    enabled: known === undefined,
  });
  const { event, receipt } = known ?? data ?? {};
  return (
    <Drawer
      open
      onClose={onClose}
      title={<bdi>{visibleValue(event?.action ?? 'Event')}</bdi>}
      actions={
        <>
          <IconButton
            label="Previous event"
            icon={ChevronUp}
            disabledReason={onPrevious ? null : 'This is the first event on this page'}
            {...(onPrevious && { onClick: onPrevious })}
          />
          <IconButton
            label="Next event"
            icon={ChevronDown}
            disabledReason={onNext ? null : 'This is the last event on this page'}
            {...(onNext && { onClick: onNext })}
          />
        </>
      }
    >
      {event ? (
        <ErrorBoundary key={event.id} fallback={<OnlyJson event={event} />}>
          <EventDetail
            event={event}
            receipt={receipt ?? null}
            onFilterTrace={onFilterTrace}
            onFilterApiKey={onFilterApiKey}
          />
        </ErrorBoundary>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="grid gap-3" aria-busy="true">
          {Array.from({ length: 8 }, (_, row) => (
            <Skeleton key={row} className="h-5" />
          ))}
        </div>
      )}
    </Drawer>
  );
}

function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (!isProblem(error, 'NOT_FOUND'))
    return <ProblemState error={error} onRetry={onRetry} title="Couldn't load the event" />;
  return (
    <Notice tone="warning" title="Event not found">
      The link may be wrong, or the event is in a workspace you don't have access to.
    </Notice>
  );
}

/** Fallback for details that failed to render. */
function OnlyJson({ event }: { readonly event: AuditEvent }) {
  return (
    <div className="grid gap-3">
      <Notice tone="warning" title="Couldn't show the details of this event">
        The event itself is intact: it is stored and exported like any other. This is its JSON as
        received.
      </Notice>
      <CodeBlock text={formatEventJson(event)} label="Copy JSON" />
    </div>
  );
}

/** Shows every field that was sent, including empty and blank ones. */
function Field({ name, value }: { readonly name: string; readonly value: unknown }) {
  return value === undefined ? null : <Detail name={name}>{visibleValue(value)}</Detail>;
}

interface EventDetailProps {
  readonly event: AuditEvent;
  readonly receipt: EventReceipt | null;
  readonly onFilterTrace: (traceId: string) => void;
  readonly onFilterApiKey: (apiKeyId: string) => void;
}

function EventDetail({ event, receipt, onFilterTrace, onFilterApiKey }: EventDetailProps) {
  const workspaceName = useWorkspaceName();
  const hints = integrityHints(event);
  const { actor, resource, tags } = event;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <DetailList>
        <Detail name="ID">
          <span className="flex items-center gap-1">
            <code className="text-xs break-all">{event.id}</code>
            <CopyButton text={event.id} label="Copy ID" />
          </span>
        </Detail>
        <Detail name="Time">
          <Timestamp value={event.timestamp} whole />
        </Detail>
        <Detail name="Original time">
          <span className="flex items-center gap-1">
            <code className="text-xs break-all">{visibleValue(event.timestamp)}</code>
            <CopyButton text={event.timestamp} label="Copy original time" />
          </span>
        </Detail>
        <Detail name="Workspace">{workspaceName(event.workspaceId)}</Detail>
        <Field name="Project" value={event.projectId} />
        <Field name="Category" value={event.category} />
        <Field name="Action" value={event.action} />
        <Field name="Actor" value={actor?.email} />
        <Field name="Actor ID" value={actor?.id} />
        <Field name="Actor role" value={actor?.role} />
        <Field name="Resource type" value={resource?.type} />
        <Field name="Resource ID" value={resource?.id} />
        <Detail name="Tags">
          {tags !== undefined && tags.length > 0 && tags.map(visibleValue).join(', ')}
        </Detail>
        <Detail name="Trace ID">
          {event.traceId === undefined ? undefined : isFilterValue(event.traceId) ? (
            <button
              type="button"
              className="text-left break-all text-accent underline decoration-1 underline-offset-2"
              title="Show all events of this trace"
              onClick={() => event.traceId !== undefined && onFilterTrace(event.traceId)}
            >
              {visibleText(event.traceId)}
            </button>
          ) : (
            <span className="break-all">{visibleValue(event.traceId)}</span>
          )}
        </Detail>
        <Field name="IP address" value={event.ipAddress} />
        <Field name="User agent" value={event.userAgent} />
        <Field name="Idempotency key" value={event.idempotencyKey} />
        <Detail name="Received">
          {receipt === null ? 'Not recorded' : <Timestamp value={receipt.receivedAt} />}
        </Detail>
        <Detail name="API key">
          {receipt?.apiKey && (
            <ApiKeyButton apiKey={receipt.apiKey} onFilterApiKey={onFilterApiKey} />
          )}
        </Detail>
      </DetailList>
      {hints.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <Badge tone="info" icon={Fingerprint}>
            Integrity hints
          </Badge>
          <span className="text-muted">
            {hints.map(visibleText).join(', ')}. Supplied by the sender, not verified.
          </span>
        </div>
      )}
      {event.geo !== undefined && (
        <DetailSection title="Geo">
          {isBranch(event.geo) ? (
            <JsonTree value={event.geo} label="Geo" />
          ) : (
            <p className="text-sm wrap-anywhere">
              <bdi>{visibleValue(event.geo)}</bdi>
            </p>
          )}
        </DetailSection>
      )}
      <DetailSection title="Metadata">
        {isBranch(event.metadata) ? (
          <JsonTree value={event.metadata} label="Metadata" />
        ) : (
          <p className="text-sm text-muted">None.</p>
        )}
      </DetailSection>
      {/* Redaction only protects against people who see the screen. Everyone who can read the event may copy its full content. */}
      <div className="flex items-center gap-3 border-t pt-3 text-xs text-muted">
        <CopyButton text={formatEventJson(event)} label="Copy JSON" labelled />
        Original event, including the values hidden here.
      </div>
    </div>
  );
}

interface ApiKeyButtonProps {
  readonly apiKey: NonNullable<EventReceipt['apiKey']>;
  readonly onFilterApiKey: (apiKeyId: string) => void;
}

/** The API key's name when the event arrived. Clicking it shows all events that the key sent. */
function ApiKeyButton({ apiKey, onFilterApiKey }: ApiKeyButtonProps) {
  return (
    <button
      type="button"
      className="text-left break-all text-accent underline decoration-1 underline-offset-2"
      title={`Show all events sent with this API key (${apiKey.id})`}
      onClick={() => onFilterApiKey(apiKey.id)}
    >
      <bdi>{visibleText(apiKey.label ?? apiKey.id)}</bdi>
    </button>
  );
}
