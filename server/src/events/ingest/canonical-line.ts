import { hash } from 'node:crypto';
import type { EventField, ParsedEvent } from './parsed-event.ts';

/** Fields that the server adds to an event; IDs are lower-case UUIDs. */
export interface StoredIdentity {
  /** 36 characters: readers of stored lines expect the ID at a fixed offset. */
  readonly id: string;
  readonly companyId: string;
  readonly workspaceId: string;
  /** Used only if the event was sent without a timestamp. */
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
 * Canonical line of an event, as it is stored and exported: compact JSON in a fixed key order, without absent fields,
 * with values as sent and without a newline. It always starts with `{"id":"` and the 36 characters of the ID.
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

/** Hash of the line as a leaf of an RFC 9162 tree: SHA-256(0x00 ‖ line in UTF-8). */
export function leafHash(line: string): Buffer {
  return hash('sha256', `\0${line}`, 'buffer');
}

/** SHA-256 of an item as sent (`ParsedEvent.compact`): equal only for a replay with the same bytes. */
export function hashItem(compact: string): Buffer {
  return hash('sha256', compact, 'buffer');
}
