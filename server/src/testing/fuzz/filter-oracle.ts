import type { MetadataCondition, ResolvedEventQuery } from '../../events/event-query.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An event as it was sent, and what the server gave it. */
export interface KnownEvent {
  readonly id: string;
  readonly seq: number;
  readonly workspaceId: string;
  readonly micros: bigint;
  readonly sent: SentEvent;
  /** Absent when receipts were not recorded. */
  readonly receipt?: { readonly micros: bigint; readonly apiKeyId: string };
}

export interface SentEvent {
  readonly category: string;
  readonly action: string;
  readonly projectId?: string;
  readonly actor?: { readonly id?: string; readonly email?: string; readonly role?: string };
  readonly resource?: { readonly type?: string; readonly id?: string };
  readonly traceId?: string;
  readonly ipAddress?: string;
  readonly tags?: readonly string[];
  readonly metadata?: { readonly [key: string]: Json };
}

/**
 * Whether an event is among those a filter means, by docs and schema alone: written without SQL and
 * without the product's filter, to judge it. The scope and the cut are the caller's business.
 */
export function matches(
  filter: ResolvedEventQuery,
  { sent, micros, workspaceId, receipt }: KnownEvent,
) {
  const isOneOf = (wanted: readonly string[] | undefined, value: string | undefined) =>
    wanted === undefined || (value !== undefined && wanted.includes(value.trim()));
  return (
    (filter.from === undefined || micros >= instant(filter.from)) &&
    (filter.to === undefined || micros < instant(filter.to)) &&
    isOneOf(filter.workspaceIds, workspaceId) &&
    isOneOf(filter.projectIds, sent.projectId) &&
    isOneOf(filter.categories, sent.category) &&
    isOneOf(filter.actions, sent.action) &&
    isOneOf(filter.actorIds, sent.actor?.id) &&
    isOneOf(filter.actorEmails, sent.actor?.email) &&
    isOneOf(filter.resourceTypes, sent.resource?.type) &&
    isOneOf(filter.resourceIds, sent.resource?.id) &&
    isOneOf(filter.traceIds, sent.traceId) &&
    isOneOf(filter.ipAddresses, sent.ipAddress) &&
    isOneOf(
      filter.apiKeyIds?.map((id) => id.toLowerCase()),
      receipt?.apiKeyId,
    ) &&
    (filter.receivedFrom === undefined ||
      (receipt !== undefined && receipt.micros >= instant(filter.receivedFrom))) &&
    (filter.receivedTo === undefined ||
      (receipt !== undefined && receipt.micros < instant(filter.receivedTo))) &&
    (filter.tags === undefined ||
      (sent.tags ?? []).some((tag) => filter.tags?.includes(tag.trim()))) &&
    (filter.search === undefined || searched(sent).some((text) => holds(text, filter.search))) &&
    (filter.metadata ?? []).every((condition) => meets(condition, sent.metadata))
  );
}

function searched({ action, category, actor, resource, traceId, ipAddress }: SentEvent) {
  const texts = [action, category, actor?.id, actor?.email, resource?.type, resource?.id];
  return [...texts, traceId, ipAddress].filter((text) => text !== undefined).map((t) => t.trim());
}

/** Microseconds of an RFC 3339 time in UTC, by Date and BigInt. */
export function instant(time: string): bigint {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

function holds(text: string, wanted: string | undefined): boolean {
  return wanted !== undefined && fold(text).includes(fold(wanted));
}

/** Unicode's simple lower-casing, one character for one: what a search that ignores case compares. */
function fold(text: string): string {
  return Array.from(text, (character) => {
    if (character === 'İ') return 'i';
    return character.toLowerCase();
  }).join('');
}

function meets({ path, op, value }: MetadataCondition, metadata: Json | undefined): boolean {
  const found = path.split('.').reduce(member, metadata);
  if (op === 'exists') return found !== undefined;
  if (found === undefined || found === null) return false;
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  return op === 'eq' ? text === String(value) : holds(text, String(value));
}

/** A member by name, or an element by its number from 0. Negative numbers promise nothing, so none is tried. */
function member(from: Json | undefined, name: string): Json | undefined {
  if (typeof from !== 'object' || from === null) return undefined;
  if (isArray(from)) return /^[ \t\n\v\f\r]*\+?\d+$/.test(name) ? from[Number(name)] : undefined;
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
