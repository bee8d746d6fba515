import type * as S3 from '@aws-sdk/client-s3';
import type { S3Location } from './s3-location.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** Until the answer begins, not until its body ends: a part of 5 MiB at 1 Mbit/s takes 42 s. */
const ANSWER_TIMEOUT_MS = 120_000;
/** A download holds its socket for as long as its client reads; 50, the SDK's own, would let the next ones wait. */
const MOST_SOCKETS = 1_000;

/** One bucket, reached through the SDK. */
export interface S3Connection {
  readonly location: S3Location;
  readonly client: S3.S3Client;
  /** The SDK, imported when the first connection was opened: a process without S3 does not carry it. */
  readonly sdk: typeof S3;
}

/** Loads the SDK and makes a client; connects to nothing yet. */
export async function openS3(location: S3Location): Promise<S3Connection> {
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region, pathStyle } = location;
  const client = new sdk.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    forcePathStyle: pathStyle,
    // Bodies are handed on as they come: clients compare the whole file with the job's own SHA-256.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: MOST_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MOST_SOCKETS },
    },
  });
  return { location, client, sdk };
}
