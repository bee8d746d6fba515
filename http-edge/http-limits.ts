/** How request bodies are read. */
export interface BodyLimits {
  /** Bodies up to this size are always read, whatever other requests hold; 10,000 connections hold 640 MB of them. */
  readonly smallBodyBytes: number;
  /** The minimum speed does not apply during this time. */
  readonly graceMs: number;
  /** After the grace time, a body must have arrived at this average speed; 0: no minimum. */
  readonly minBytesPerSecond: number;
}

export const BODY_LIMITS: BodyLimits = {
  smallBodyBytes: 64 * 1024,
  graceMs: 10_000,
  minBytesPerSecond: 4_096,
};

/** How long one client may use a connection, and how many connections there may be; tests use shorter times. */
export interface HttpLimits {
  /** Maximum time to send all headers. */
  readonly headersMs: number;
  /** Maximum time to send a whole request; 64 MiB of events need 9 Mbit/s. */
  readonly requestMs: number;
  /** Interval at which Node looks for late requests; a connection is closed this much later at most. */
  readonly checkEveryMs: number;
  /**
   * Maximum time without a byte in either direction, such as when the client of a download has stopped reading. A slow
   * client is not cut off: the kernel accepts more only after about a third of its buffer is free, which at 10 kB/s takes
   * two to three minutes.
   */
  readonly stalledMs: number;
  /** Open connections; more are closed when they arrive. */
  readonly connections: number;
  /** Default: BODY_LIMITS. */
  readonly bodies?: BodyLimits;
  /** Memory for the bodies of all requests, bytes; default: the server's own. */
  readonly bodyBudgetBytes?: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 20_000,
  requestMs: 60_000,
  checkEveryMs: 5_000,
  stalledMs: 300_000,
  connections: 10_000,
};
