import { BlockList, isIP } from 'node:net';
import type { MetadataCondition, ResolvedEventQuery } from '../../contract/event-query.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An event as it was sent, with the values assigned by the server. */
export interface KnownEvent {
  readonly id: string;
  readonly seq: number;
  readonly workspaceId: string;
  readonly micros: bigint;
  readonly sent: SentEvent;
  /** Missing if receipts were not recorded. */
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
  readonly userAgent?: string;
  readonly tags?: readonly string[];
  readonly metadata?: { readonly [key: string]: Json };
}

/**
 * Whether an event matches a filter according to docs and schema. It is implemented independently, without SQL or the
 * product's filter, to verify that filter. Scope and cut are checked by the caller.
 */
export function matches(
  filter: ResolvedEventQuery,
  { sent, micros, workspaceId, receipt }: KnownEvent,
) {
  const isOneOf = (
    wanted: readonly string[] | undefined,
    value: string | undefined,
    as = (text: string) => text,
  ) => wanted === undefined || (value !== undefined && wanted.includes(as(value.trim())));
  return (
    (filter.from === undefined || micros >= instant(filter.from)) &&
    (filter.to === undefined || micros < instant(filter.to)) &&
    isOneOf(filter.workspaceIds, workspaceId) &&
    isOneOf(filter.projectIds, sent.projectId) &&
    isOneOf(filter.categories, sent.category) &&
    isOneOf(filter.actions, sent.action) &&
    isOneOf(filter.actorIds, sent.actor?.id) &&
    isOneOf(filter.actorEmails?.map(fold), sent.actor?.email?.trim(), fold) &&
    isOneOf(filter.resourceTypes, sent.resource?.type) &&
    isOneOf(filter.resourceIds, sent.resource?.id) &&
    isOneOf(filter.traceIds, sent.traceId) &&
    (filter.ipAddresses === undefined || comesFrom(filter.ipAddresses, sent.ipAddress?.trim())) &&
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

function searched({ actor, resource, tags = [], ...sent }: SentEvent) {
  const { action, category, projectId, traceId, ipAddress, userAgent } = sent;
  const who = [actor?.id, actor?.email, actor?.role];
  const what = [action, category, projectId, resource?.type, resource?.id];
  return [...who, ...what, traceId, ipAddress, userAgent, ...tags]
    .filter((text) => text !== undefined)
    .map((text) => text.trim());
}

/** Compares as text, or as an address within one of the ranges with Node's BlockList. */
function comesFrom(wanted: readonly string[], address: string | undefined): boolean {
  if (address === undefined) return false;
  if (wanted.includes(address)) return true;
  const kind = isIP(address);
  if (kind === 0 || address.includes('%')) return false;
  return wanted.some((one) => {
    const [network = '', bits] = one.split('/');
    const family = isIP(network);
    if (family === 0 || network.includes('%')) return false;
    // An IPv4 address is never within an IPv6 range, not even ::/0.
    if (family === 6 && kind === 4) return false;
    const list = new BlockList();
    const max = family === 4 ? 32 : 128;
    list.addSubnet(network, Number(bits ?? max), family === 4 ? 'ipv4' : 'ipv6');
    return list.check(address, kind === 4 ? 'ipv4' : 'ipv6');
  });
}

/** Microseconds of an RFC 3339 time in UTC, computed with Date and BigInt. */
export function instant(time: string): bigint {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

function holds(text: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return false;
  if (/^\p{ASCII}*$/u.test(wanted)) return fold(text).includes(fold(wanted));
  return fold(text.normalize('NFC')).includes(fold(wanted.normalize('NFC')));
}

/** Unicode's simple lower-casing, character by character, as used by case-insensitive search. */
function fold(text: string): string {
  return Array.from(text, (character) => {
    if (character === 'İ') return 'i';
    return character.toLowerCase();
  }).join('');
}

function meets(condition: MetadataCondition, metadata: Json | undefined): boolean {
  const { isPrefixed, segments } = tokens(condition.path);
  if (meetsAt(condition, segments.reduce(member, metadata))) return true;
  return isPrefixed && meetsAt(condition, ['metadata', ...segments].reduce(member, metadata));
}

/** The names in a canonical path, in which special names are quoted as JSON. */
function tokens(path: string): { isPrefixed: boolean; segments: string[] } {
  const found = path.match(/"(?:[^"\\]|\\.)*"|[^.[\]"][^.[\]]*|\d+/gsu) ?? [];
  const segments = found.map((one) => (one.startsWith('"') ? (JSON.parse(one) as string) : one));
  const isPrefixed = found[0] === 'metadata' && found.length > 1;
  return { isPrefixed, segments: isPrefixed ? segments.slice(1) : segments };
}

function meetsAt({ op, value }: MetadataCondition, found: Json | undefined): boolean {
  if (op === 'exists') return found !== undefined;
  if (found === undefined) return false;
  if (op === 'eq' && value === null) return found === null;
  if (found === null) return false;
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  if (op === 'contains') return holds(text, String(value));
  if (text === String(value)) return true;
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(String(value));
  // Events of the fuzz test only contain numbers that a double represents exactly.
  return typeof found === 'number' && isNumber && Number(value) === found;
}

/** A member by name or an element by its index from 0. Negative indexes are undefined and not tested. */
function member(from: Json | undefined, name: string): Json | undefined {
  if (typeof from !== 'object' || from === null) return undefined;
  if (isArray(from)) return /^[ \t\n\v\f\r]*\+?\d+$/.test(name) ? from[Number(name)] : undefined;
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
