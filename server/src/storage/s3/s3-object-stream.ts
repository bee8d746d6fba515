import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { ArtifactStoreError, type ByteRange } from '../artifact-store.ts';
import type { S3Connection } from './s3-connection.ts';
import { calling } from './s3-error.ts';
import { retryWhileAway } from '../retry-while-away.ts';
import { isStoreAway } from '../store-away.ts';

const MIB = 1024 * 1024;
/** Maximum time to keep reconnecting without receiving a byte, long enough for a gateway to restart. */
const RECONNECT_MS = 15_000;
const RECONNECT_PAUSE_MS = 500;
/** Maximum number of consecutive connections that are open but send nothing. */
const MAX_STALLS = 3;

export interface S3ObjectRange extends ByteRange {
  readonly key: string;
  /** The version to read, so that bytes of a version written meanwhile are not mixed in. */
  readonly etag: string | undefined;
}

/**
 * Streams one range of an object, at least one byte long. Resolves when the server has started to send it. A connection
 * that ends early, or that sends nothing for a while although it is being read, is replaced by a new one that resumes
 * at the next byte, because servers close connections that a slow client has not read from for long.
 */
export async function streamS3Object(s3: S3Connection, wanted: S3ObjectRange): Promise<Readable> {
  const doing = `read artifact ${wanted.key}`;
  const stop = new AbortController();
  const connect = (start: number) =>
    calling(doing, getRange(s3, { ...wanted, start }, stop.signal));
  let body: Readable | undefined = await retryWhileAway(() => connect(wanted.start));
  let position = wanted.start;
  /** Time at which the first connection since the last byte broke, and the number of stalled connections since then. */
  let brokenAt: number | undefined;
  let stalls = 0;
  /** Start position of the previous connection. */
  let connectedAt = -1;
  /** Active while the stream waits for bytes. */
  let idle: NodeJS.Timeout | undefined;

  const stream = new Readable({
    highWaterMark: MIB,
    read() {
      if (body?.isPaused() !== true) return;
      body.resume();
      watch(body);
    },
    destroy(error, finish) {
      clearTimeout(idle);
      stop.abort();
      body?.destroy();
      finish(error);
    },
  });

  const follow = (current: Readable): void => {
    current.on('data', (chunk: Buffer) => {
      brokenAt = undefined;
      stalls = 0;
      position += chunk.length;
      idle?.refresh();
      if (stream.push(chunk)) return;
      clearTimeout(idle);
      current.pause();
    });
    current.once('error', (error) => replaceConnection(current, error));
    current.once('end', () => {
      clearTimeout(idle);
      if (position === wanted.end) stream.push(null);
      else
        replaceConnection(
          current,
          new Error(`the response ended at byte ${position} of ${wanted.end}`),
        );
    });
    watch(current);
  };

  const watch = (current: Readable): void => {
    const { idleMs } = s3.timeouts;
    clearTimeout(idle);
    idle = setTimeout(() => {
      stalls++;
      // The idle time does not count as time without a connection.
      brokenAt = undefined;
      replaceConnection(current, new Error(`received no data for ${idleMs} ms`));
    }, idleMs);
  };

  const replaceConnection = (broken: Readable, error: Error): void => {
    if (broken !== body) return;
    clearTimeout(idle);
    body.destroy();
    body = undefined;
    if (stop.signal.aborted) return;
    brokenAt ??= performance.now();
    if (isTooLate() || stalls > MAX_STALLS || position > wanted.end)
      stream.destroy(failed(doing, error));
    else void reconnect();
  };

  const isTooLate = () => performance.now() - (brokenAt ?? 0) > RECONNECT_MS;

  const reconnect = async (): Promise<void> => {
    // Pause before retrying a server that accepts connections and closes them again.
    let pauses = position === connectedAt;
    connectedAt = position;
    for (;;) {
      try {
        if (pauses) await wait(RECONNECT_PAUSE_MS, undefined, { signal: stop.signal });
        pauses = true;
        body = await connect(position);
        if (stop.signal.aborted) body.destroy();
        else follow(body);
        return;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!isStoreAway(error) || isTooLate()) {
          stream.destroy(error instanceof Error ? error : new Error(String(error)));
          return;
        }
      }
    }
  };

  follow(body);
  return stream;
}

async function getRange(
  { reader, sdk, location }: S3Connection,
  { key, etag, start, end }: S3ObjectRange,
  abortSignal: AbortSignal,
): Promise<Readable> {
  const { Body, ContentRange } = await reader.send(
    new sdk.GetObjectCommand({
      Bucket: location.bucket,
      Key: location.prefix + key,
      Range: `bytes=${start}-${end - 1}`,
      ...(etag === undefined ? {} : { IfMatch: etag }),
    }),
    { abortSignal },
  );
  if (!(Body instanceof Readable)) throw new Error('the response has no body');
  if (ContentRange?.startsWith(`bytes ${start}-${end - 1}/`) === true) return Body;
  Body.destroy();
  throw new Error(`requested bytes ${start}-${end - 1}, got ${ContentRange ?? 'no range'}`);
}

function failed(doing: string, cause: Error): ArtifactStoreError {
  return new ArtifactStoreError('failed', `Cannot ${doing}: ${cause.message}`, { cause });
}
