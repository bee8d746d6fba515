/**
 * An event as it was sent, plus its ID. Fields that were not sent are absent; numbers may be RawNumber
 * (event-json.ts).
 */
export interface AuditEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly companyId: string;
  readonly workspaceId: string;
  readonly projectId?: string;
  readonly category: string;
  readonly action: string;
  readonly actor?: { readonly id?: string; readonly email?: string; readonly role?: string };
  readonly resource?: { readonly type?: string; readonly id?: string };
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly traceId?: string;
  readonly ipAddress?: string;
  readonly geo?: unknown;
  readonly userAgent?: string;
  readonly idempotencyKey?: string;
}

/** The time and API key an event was received with; not part of the event itself. */
export interface EventReceipt {
  readonly receivedAt: string;
  /** null if it was not sent with an API key. */
  readonly apiKey: { readonly id: string; readonly label: string | null } | null;
}
