import type { FieldError } from '../../../../contract/problem.ts';
import type { Instant } from './timestamp.ts';

/** An accepted event, not yet numbered or stored. */
export interface ParsedEvent {
  /** The whole item as sent, without insignificant whitespace. */
  readonly compact: string;
  /** Size of `compact` in UTF-8. */
  readonly bytes: number;
  /** Value of each top-level field as sent, without insignificant whitespace. */
  readonly raw: Readonly<Partial<Record<EventField, string>>>;
  /** `text` as sent and the instant it denotes. Undefined if not sent. */
  readonly timestamp: ({ readonly text: string } & Instant) | undefined;
  /** Trimmed, like the columns. */
  readonly workspaceId: string | undefined;
  /** As sent: keys that differ only in whitespace are different keys. */
  readonly idempotencyKey: string | undefined;
  readonly columns: EventColumns;
  /** True if no column was trimmed, so that CSV can be written from the columns. */
  readonly verbatim: boolean;
  /** True if a CSV cell of this event may start with `= + - @ tab CR '`; never false if one does. */
  readonly formulaGuard: boolean;
}

export type ParsedItem =
  | { readonly ok: true; readonly event: ParsedEvent }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Fields of an event as clients send it. */
export type EventField =
  | 'timestamp'
  | 'workspaceId'
  | 'projectId'
  | 'category'
  | 'action'
  | 'actor'
  | 'resource'
  | 'metadata'
  | 'tags'
  | 'traceId'
  | 'ipAddress'
  | 'geo'
  | 'userAgent'
  | 'idempotencyKey';

interface EventColumns extends Readonly<EventText> {
  readonly tags: readonly string[] | null;
  /** Not filterable, so not trimmed: a string is decoded, an object is compact JSON. */
  readonly geo: string | null;
}

/** Filterable texts of an event, decoded, one per column; null if not sent. Columns hold them trimmed. */
export interface EventText {
  category: string;
  action: string;
  projectId: string | null;
  actorId: string | null;
  actorEmail: string | null;
  actorRole: string | null;
  resourceType: string | null;
  resourceId: string | null;
  traceId: string | null;
  ipAddress: string | null;
  userAgent: string | null;
}

/** The body of `POST /v1/events`: one event, or a batch of them. */
export type ParsedEvents =
  | { readonly kind: 'single'; readonly item: ParsedItem }
  | { readonly kind: 'batch'; readonly items: readonly ParsedItem[] };
