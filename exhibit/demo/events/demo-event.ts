export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

export type Metadata = Readonly<Record<string, Json>>;

/** An event as a client sends it to `POST /v1/events`, with members in the order of the stored line. */
export interface DemoEvent extends Act, Origin {
  /** UTC with milliseconds: `2026-05-14T12:00:00.000Z`. */
  readonly timestamp: string;
  readonly workspaceId: string;
  readonly idempotencyKey: string;
}

/** The action of an event. Undefined tags are omitted from the JSON text. */
export interface Act {
  readonly category: string;
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly metadata: Metadata;
  readonly tags?: readonly string[] | undefined;
}

/** The actor of an event and where the request came from. */
export interface Origin {
  readonly actor: { readonly id: string; readonly email: string; readonly role: string };
  /** 32 hexadecimal digits, shared by all events of a session. */
  readonly traceId: string;
  readonly ipAddress: string;
  /** Country and subdivision (ISO 3166-2), then the city: `DE-BE Berlin`. */
  readonly geo: string;
  readonly userAgent: string;
}

/** A planned event with its time in milliseconds since the epoch. */
export interface Occurrence {
  readonly atMs: number;
  readonly workspaceId: string;
  readonly act: Act;
  readonly origin: Origin;
}

/** @param resource type and id, separated by a slash: `user/usr_1` */
export function act(
  category: string,
  action: string,
  resource: `${string}/${string}`,
  metadata: Metadata,
  tags?: readonly string[],
): Act {
  const at = resource.indexOf('/');
  const target = { type: resource.slice(0, at), id: resource.slice(at + 1) };
  return { category, action, resource: target, metadata, tags };
}

export function toDemoEvent(
  { workspaceId, act: done, origin }: Occurrence,
  timestampMs: number,
  idempotencyKey: string,
): DemoEvent {
  const { category, action, resource, metadata, tags } = done;
  const { actor, ...client } = origin;
  const timestamp = new Date(timestampMs).toISOString();
  const members = { category, action, actor, resource, metadata, tags };
  return { timestamp, workspaceId, ...members, ...client, idempotencyKey };
}
