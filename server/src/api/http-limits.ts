/** How request bodies are read. */
export interface BodyLimits {
  /** Bodies up to this size are always read, however much others hold; 10,000 connections hold 640 MB of them. */
  readonly smallBodyBytes: number;
  /** Time before the speed of a body matters. */
  readonly graceMs: number;
  /** After the grace time a body must have arrived this fast on average; 0: as slowly as it likes. */
  readonly minBytesPerSecond: number;
}

export const BODY_LIMITS: BodyLimits = {
  smallBodyBytes: 64 * 1024,
  graceMs: 10_000,
  minBytesPerSecond: 4_096,
};

/** What one client may take of the api's connections; tests use shorter times. */
export interface HttpLimits {
  /** To send all headers in. */
  readonly headersMs: number;
  /** To send a whole request in; 64 MiB of events need 9 Mbit/s. */
  readonly requestMs: number;
  /** Node looks for late requests this often, so a cut comes this much later at most. */
  readonly checkEveryMs: number;
  /**
   * Without a byte going either way, such as when the reader of a download has stopped. A slow one is not cut:
   * the kernel takes more only after about a third of its buffer has gone, at 10 kB/s within two to three minutes.
   */
  readonly stalledMs: number;
  /** Open at once; more are closed as they come. */
  readonly connections: number;
  /** Default: BODY_LIMITS. */
  readonly bodies?: BodyLimits;
}

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 20_000,
  requestMs: 60_000,
  checkEveryMs: 5_000,
  stalledMs: 300_000,
  connections: 10_000,
};
