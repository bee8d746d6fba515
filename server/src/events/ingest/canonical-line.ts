import { hash } from 'node:crypto';
import type { EventField, ParsedEvent } from './parsed-event.ts';

/** What the server adds to an event; ids are lower-case UUIDs. */
export interface StoredIdentity {
  /** 36 characters: readers of stored lines find the id at a fixed place. */
  readonly id: string;
  readonly companyId: string;
  readonly workspaceId: string;
  /** Used only when the event was sent without a timestamp. */
  readonly timestampText: string;
}

const FIELDS_AS_SENT = [
  'projectId',
  'category',
  'action',
  'actor',
  'resource',
  'metadata',
  'tags',
  'traceId',
  'ipAddress',
  'geo',
  'userAgent',
  'idempotencyKey',
] as const satisfies readonly EventField[];

/**
 * The one line an event is stored and exported as: compact JSON, fixed key order, absent fields
 * absent, values as sent, no newline. Always begins `{"id":"` and the 36 characters of the id.
 */
export function formatLine(event: ParsedEvent, stored: StoredIdentity): string {
  const timestamp = event.raw.timestamp ?? JSON.stringify(stored.timestampText);
  const { id, companyId, workspaceId } = stored;
  let line = `{"id":"${id}","timestamp":${timestamp},"companyId":"${companyId}","workspaceId":${JSON.stringify(workspaceId)}`;
  for (const field of FIELDS_AS_SENT) {
    const raw = event.raw[field];
    if (raw !== undefined) line += `,"${field}":${raw}`;
  }
  return `${line}}`;
}

/** The line's leaf in an RFC 9162 tree: SHA-256(0x00 ‖ line in UTF-8). */
export function leafHash(line: string): Buffer {
  return hash('sha256', `\0${line}`, 'buffer');
}

/** SHA-256 of an item as sent (`ParsedEvent.compact`): equal only when a replay says the same. */
export function hashItem(compact: string): Buffer {
  return hash('sha256', compact, 'buffer');
}
