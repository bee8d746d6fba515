import type * as S3 from '@aws-sdk/client-s3';
import type { S3Location } from './s3-location.ts';

const CONNECT_TIMEOUT_MS = 5_000;

export interface S3Timeouts {
  /**
   * Maximum time until a response starts, and maximum time without data after that, in milliseconds. A part of 5 MiB
   * at 1 Mbit/s takes 42 s, and a store may send nothing while it assembles many parts.
   */
  readonly answerMs: number;
  /** Maximum time to wait for the next bytes of an object while a client is reading it. */
  readonly idleMs: number;
}

export const S3_TIMEOUTS: S3Timeouts = { answerMs: 120_000, idleMs: 30_000 };
/** A download keeps its socket as long as its client reads. With 50, the SDK's default, further downloads would wait. */
const MAX_SOCKETS = 1_000;

/** A connection to one bucket through the SDK. */
export interface S3Connection {
  readonly location: S3Location;
  readonly client: S3.S3Client;
  /** For reading objects. Its sockets may be idle as long as the client does not read. */
  readonly reader: S3.S3Client;
  readonly timeouts: S3Timeouts;
  /** The SDK, imported with the first connection, so that a process without S3 does not load it. */
  readonly sdk: typeof S3;
}

/** Loads the SDK and creates its clients, without connecting yet. */
export async function openS3(
  location: S3Location,
  timeouts: S3Timeouts = S3_TIMEOUTS,
): Promise<S3Connection> {
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region, pathStyle } = location;
  const connect = (socketTimeout?: number) =>
    new sdk.S3Client({
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(region === undefined ? {} : { region }),
      forcePathStyle: pathStyle,
      // Do not verify checksums of responses: clients compare the whole file with the job's SHA-256.
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: timeouts.answerMs,
        throwOnRequestTimeout: true,
        ...(socketTimeout === undefined ? {} : { socketTimeout }),
        httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
        httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      },
    });
  return { location, client: connect(timeouts.answerMs), reader: connect(), timeouts, sdk };
}

/** Options of a call that is aborted by `signal`, if there is one. */
export function optionsOf(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
