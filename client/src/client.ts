import { EventsClient } from './events.ts';
import { ExportsClient } from './exports.ts';
import { KeysClient } from './keys.ts';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts';
import { createSha256, type Sha256 } from './sha256.ts';
import { type JsonParser, Transport } from './transport.ts';

export interface ClientOptions {
  /** URL of the API, such as `https://exhibit.example.com`. */
  readonly baseUrl: string;
  /** `exh_<region>_<secret>` */
  readonly apiKey: string;
  /** Default: the global fetch of the runtime. */
  readonly fetch?: typeof fetch;
  /** Overrides parts of the default policy: five attempts, delays from 0.25 s, Retry-After up to one minute. */
  readonly retry?: Partial<RetryPolicy>;
  /** Maximum duration of a call, or of a pause in a download's data. Default: 60 s. */
  readonly timeoutMs?: number;
  /** Default: JSON.parse. Use a lossless parser if you need numbers beyond 2^53. */
  readonly parseJson?: JsonParser;
  /** Default: a JavaScript implementation. A native one of the runtime is faster. */
  readonly sha256?: () => Sha256;
}

export interface Client {
  readonly events: EventsClient;
  readonly exports: ExportsClient;
  readonly keys: KeysClient;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** Creates a client of the public API. It is stateless, so one instance can be shared. */
export function createClient(options: ClientOptions): Client {
  const transport = new Transport({
    baseUrl: options.baseUrl,
    apiKey: options.apiKey,
    // Wrap fetch, because browsers reject calling it as a method of another object.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    retry: { ...DEFAULT_RETRY, ...options.retry },
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    parseJson: options.parseJson ?? JSON.parse,
  });
  return {
    events: new EventsClient(transport),
    exports: new ExportsClient(transport, options.sha256 ?? createSha256),
    keys: new KeysClient(transport),
  };
}

// The package's public errors and types.
export {
  DigestMismatchError,
  type ErrorCode,
  ExhibitError,
  ExhibitNetworkError,
  type FieldError,
  type Problem,
} from './errors.ts';
export type { Download, DownloadOptions, DownloadProgress, DownloadResult } from './download.ts';
export type { BatchResult, EventListQuery, EventQuery, NewEvent, StoredEvent } from './events.ts';
export type { ExportJob, ExportStatus } from './export-job.ts';
export type { ExportListQuery, FileDescription, NewExport } from './exports.ts';
export type { KeyStatus } from './keys.ts';
export type { Page } from './pagination.ts';
export type { RetryPolicy } from './retry.ts';
export type { Sha256 } from './sha256.ts';
