export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

export type Metadata = Readonly<Record<string, Json>>;

/** An event as a client sends it to `POST /v1/events`; members stand in the order of the stored line. */
export interface DemoEvent {
  /** UTC with milliseconds: `2026-05-14T12:00:00.000Z`. */
  readonly timestamp: string;
  readonly workspaceId: string;
  readonly category: string;
  readonly action: string;
  readonly actor: Actor;
  readonly resource: Resource;
  readonly metadata: Metadata;
  /** On some; undefined is absent from the JSON text. */
  readonly tags?: readonly string[] | undefined;
  /** 32 hexadecimal digits, shared by what was done in one sitting. */
  readonly traceId: string;
  readonly ipAddress: string;
  /** Country and subdivision (ISO 3166-2), then the city: `DE-BE Berlin`. */
  readonly geo: string;
  readonly userAgent: string;
  readonly idempotencyKey: string;
}

interface Actor {
  readonly id: string;
  readonly email: string;
  readonly role: string;
}

interface Resource {
  readonly type: string;
  readonly id: string;
}

/** What was done to what. */
export type Act = Pick<DemoEvent, 'category' | 'action' | 'resource' | 'metadata' | 'tags'>;

/** Who did it, and from where. */
export type Origin = Pick<DemoEvent, 'actor' | 'traceId' | 'ipAddress' | 'geo' | 'userAgent'>;

/** An event to be, with its time in milliseconds since the epoch. */
export interface Occurrence {
  readonly atMs: number;
  readonly workspaceId: string;
  readonly act: Act;
  readonly origin: Origin;
}

/** The JSON text of one event, the item of a batch. */
export function serializeDemoEvent(event: DemoEvent): string {
  return JSON.stringify(event);
}

export function toDemoEvent(
  { workspaceId, act, origin }: Occurrence,
  timestampMs: number,
  idempotencyKey: string,
): DemoEvent {
  return {
    timestamp: new Date(timestampMs).toISOString(),
    workspaceId,
    category: act.category,
    action: act.action,
    actor: origin.actor,
    resource: act.resource,
    metadata: act.metadata,
    tags: act.tags,
    traceId: origin.traceId,
    ipAddress: origin.ipAddress,
    geo: origin.geo,
    userAgent: origin.userAgent,
    idempotencyKey,
  };
}
