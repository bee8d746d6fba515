import type * as S3 from '@aws-sdk/client-s3';
import type { S3Location } from './s3-location.ts';

const CONNECT_TIMEOUT_MS = 5_000;

export interface S3Timeouts {
  /**
   * Until an answer begins, and for the socket to stand still after that, milliseconds. A part of 5 MiB at 1 Mbit/s
   * takes 42 s, and a store may put many parts together in silence.
   */
  readonly answerMs: number;
  /** For the next bytes of an object, while somebody reads it. */
  readonly idleMs: number;
}

export const S3_TIMEOUTS: S3Timeouts = { answerMs: 120_000, idleMs: 30_000 };
/** A download holds its socket for as long as its client reads; 50, the SDK's own, would let the next ones wait. */
const MAX_SOCKETS = 1_000;

/** One bucket, reached through the SDK. */
export interface S3Connection {
  readonly location: S3Location;
  readonly client: S3.S3Client;
  /** For objects: a socket of it may stand still, for as long as its client does not read. */
  readonly reader: S3.S3Client;
  readonly timeouts: S3Timeouts;
  /** The SDK, imported when the first connection was opened: a process without S3 does not carry it. */
  readonly sdk: typeof S3;
}

/** Loads the SDK and makes its clients; connects to nothing yet. */
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
      // Bodies are handed on as they come: clients compare the whole file with the job's own SHA-256.
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

/** Options of a call that `signal`, if there is one, ends. */
export function optionsOf(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
