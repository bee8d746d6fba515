/** An event as it was sent, with its id: absent fields are absent, numbers may be RawNumber (event-json.ts). */
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

/** When and through which API key an event arrived; not part of the event. */
export interface EventReceipt {
  readonly receivedAt: string;
  /** null: no API key sent it. */
  readonly apiKey: { readonly id: string; readonly label: string | null } | null;
}
