import { createHash } from 'node:crypto';
import type { ErrorCode } from '../../errors.ts';
import { hashItem } from './canonical-line.ts';
import type { ParsedEvent } from './parsed-event.ts';
import type { TimestampRefusal } from './refuse-timestamps.ts';
import type { ItemPair } from './sql/compare-items.ts';
import { ANY_SENDER, type IdempotencyKey } from './sql/find-idempotency-keys.ts';

/** The message does not reveal whether the workspace exists. */
export const FOREIGN_WORKSPACE = 'workspaceId: this workspace is not one of yours';

/** The API key that sent an event, with its current name. */
export interface EventSender {
  readonly keyId: string;
  readonly label: string;
}

export type StoredEvent =
  | { readonly status: 'created' | 'replayed'; readonly id: string }
  | RejectedEvent;

export interface RejectedEvent {
  readonly status: 'rejected';
  readonly code: ErrorCode;
  readonly detail: string;
  /** The rejected field, if there is exactly one. */
  readonly path?: string;
  /** Seconds after which the same event may be accepted; undefined if waiting does not help. */
  readonly retryAfterSeconds?: number;
}

/** Properties of an event, with its new ID, that decideItems needs. */
interface Item {
  readonly id: string;
  readonly event: ParsedEvent;
  readonly workspaceId: string;
  readonly sender: EventSender | null;
}

export interface Decision<Draft extends Item> {
  readonly results: StoredEvent[];
  readonly accepted: Draft[];
  readonly newKeys: IdempotencyKey[];
}

export interface Known<Draft extends Item> {
  /** Those of the workspaces that belong to the company. */
  readonly heads: ReadonlySet<string>;
  readonly keyed: ReadonlyMap<Draft, IdempotencyKey>;
  /** Stored uses of these keys. */
  readonly used: readonly IdempotencyKey[];
  /** Why the timestamp of an event is rejected; a replay of the event still succeeds. */
  readonly refused: ReadonlyMap<Draft, TimestampRefusal>;
}

/** Idempotency key of an item in its stored form. */
export function keyOf(item: Item): IdempotencyKey | undefined {
  const { event, workspaceId, id, sender } = item;
  if (event.idempotencyKey === undefined) return undefined;
  const keyHash = createHash('sha256').update(event.idempotencyKey).digest('hex');
  const itemHash = hashItem(event.compact).toString('hex');
  return { workspaceId, keyHash, apiKeyId: sender?.keyId ?? ANY_SENDER, id, itemHash };
}

/**
 * Idempotency keys belong to the API key that used them. An item is a replay when
 * - this API key used the idempotency key with the same content, however it was spelled;
 * - another API key used it with the same bytes: the sender replaced its API key and tries again;
 * - it was used before API keys were recorded, with the same content. Other content under a key that this API key
 *   used, or that was used before API keys were recorded, is a conflict. Another API key's use with other content
 *   does not matter.
 *
 * @param isSame whether the item has the same content as this earlier use, which may differ only in spelling
 */
export function decideItems<Draft extends Item>(
  drafts: readonly Draft[],
  { heads, keyed, used, refused }: Known<Draft>,
  isSame: (item: Draft, earlier: IdempotencyKey) => boolean,
): Decision<Draft> {
  const uses = Map.groupBy(used, nameOf);
  const decision: Decision<Draft> = { results: [], accepted: [], newKeys: [] };
  for (const item of drafts) {
    const key = keyed.get(item);
    const result = heads.has(item.workspaceId)
      ? (replayOf(item, key, uses, isSame) ?? refusalOf(refused.get(item)))
      : rejected('WORKSPACE_FORBIDDEN', FOREIGN_WORKSPACE);
    decision.results.push(result ?? { status: 'created', id: item.id });
    if (result !== undefined) continue;
    decision.accepted.push(item);
    if (key === undefined) continue;
    decision.newKeys.push(key);
    const earlier = uses.get(nameOf(key));
    if (earlier === undefined) uses.set(nameOf(key), [key]);
    else earlier.push(key);
  }
  return decision;
}

function refusalOf(refusal: TimestampRefusal | undefined): RejectedEvent | undefined {
  return refusal === undefined ? undefined : { status: 'rejected', ...refusal };
}

function replayOf<Draft extends Item>(
  item: Draft,
  key: IdempotencyKey | undefined,
  uses: ReadonlyMap<string, readonly IdempotencyKey[]>,
  isSame: (item: Draft, earlier: IdempotencyKey) => boolean,
): StoredEvent | undefined {
  return key === undefined ? undefined : answerOf(item, key, uses.get(nameOf(key)) ?? [], isSame);
}

/** @returns undefined when the item is new */
function answerOf<Draft extends Item>(
  item: Draft,
  key: IdempotencyKey,
  uses: readonly IdempotencyKey[],
  isSame: (item: Draft, earlier: IdempotencyKey) => boolean,
): StoredEvent | undefined {
  const own = uses.find(({ apiKeyId }) => apiKeyId === key.apiKeyId);
  const unknown = uses.find(({ apiKeyId }) => apiKeyId === ANY_SENDER);
  const replayed =
    [own, unknown].find(
      (use) => use !== undefined && (use.itemHash === key.itemHash || isSame(item, use)),
    ) ?? (own === undefined ? uses.find(({ itemHash }) => itemHash === key.itemHash) : undefined);
  if (replayed !== undefined) return { status: 'replayed', id: replayed.id };
  if (own !== undefined)
    return rejected(
      'IDEMPOTENCY_CONFLICT',
      `The idempotency key was used before with different content, for event ${own.id}.`,
    );
  // The API key that used it is unknown, so its ID is not shown.
  if (unknown !== undefined)
    return rejected(
      'IDEMPOTENCY_CONFLICT',
      'The idempotency key was used before with different content.',
    );
  return undefined;
}

function rejected(code: ErrorCode, detail: string): RejectedEvent {
  return { status: 'rejected', code, detail };
}

/** An earlier use whose content must be compared with the item, because the bytes differ. */
export interface DoubtfulUse<Draft extends Item> {
  readonly item: Draft;
  readonly earlier: IdempotencyKey;
  readonly pair: ItemPair;
}

/** Uses by the same or an unknown API key whose bytes differ from the item's: at most two for an item. */
export function doubtfulUses<Draft extends Item>(
  keyed: ReadonlyMap<Draft, IdempotencyKey>,
  used: readonly IdempotencyKey[],
): DoubtfulUse<Draft>[] {
  const uses = Map.groupBy(used, nameOf);
  const firstInBatch = new Map<string, Draft>();
  return [...keyed].flatMap(([item, key]) => {
    const stored = uses.get(nameOf(key)) ?? [];
    const owner = `${nameOf(key)} ${key.apiKeyId}`;
    const first = firstInBatch.get(owner);
    if (first === undefined) firstInBatch.set(owner, item);
    const candidates: DoubtfulUse<Draft>[] = stored
      .filter(({ apiKeyId }) => apiKeyId === key.apiKeyId || apiKeyId === ANY_SENDER)
      .map((earlier) => ({ item, earlier, pair: { item: item.event.compact, id: earlier.id } }));
    const earlier = first === undefined ? undefined : keyed.get(first);
    if (first !== undefined && earlier !== undefined)
      candidates.push({
        item,
        earlier,
        pair: { item: item.event.compact, other: first.event.compact },
      });
    return candidates.filter((candidate) => candidate.earlier.itemHash !== key.itemHash);
  });
}

/** Name of a key, unique within a company. */
function nameOf({ workspaceId, keyHash }: IdempotencyKey): string {
  return `${workspaceId} ${keyHash}`;
}
