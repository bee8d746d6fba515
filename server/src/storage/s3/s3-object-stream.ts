import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { ArtifactStoreError, type ByteRange } from '../artifact-store.ts';
import type { S3Connection } from './s3-connection.ts';
import { calling } from './s3-error.ts';
import { retryWhileAway } from '../retry-while-away.ts';
import { isStoreAway } from '../store-away.ts';

const MIB = 1024 * 1024;
/** For this long without a byte a broken connection is replaced again and again: a gateway that restarts is back. */
const RECONNECT_MS = 15_000;
const RECONNECT_PAUSE_MS = 500;
/** Connections in a row that are open and bring nothing. */
const MAX_STALLS = 3;

export interface S3ObjectRange extends ByteRange {
  readonly key: string;
  /** The version to read: another one written meanwhile is not mixed in. */
  readonly etag: string | undefined;
}

/**
 * A stream of one range of an object, at least one byte long; resolves when the server has begun to send it. A
 * connection that ends early, or brings nothing for a while although it is read, is replaced from the next byte on:
 * servers close one that a slow client has not read from for long.
 */
export async function streamS3Object(s3: S3Connection, wanted: S3ObjectRange): Promise<Readable> {
  const doing = `read artifact ${wanted.key}`;
  const stop = new AbortController();
  const connect = (start: number) =>
    calling(doing, getRange(s3, { ...wanted, start }, stop.signal));
  let body: Readable | undefined = await retryWhileAway(() => connect(wanted.start));
  let position = wanted.start;
  /** When the first connection broke since the last byte; how many have brought nothing since then. */
  let brokenAt: number | undefined;
  let stalls = 0;
  /** Where the connection before this one began. */
  let connectedAt = -1;
  /** Runs while bytes are waited for. */
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
    current.once('error', (error) => goOn(current, error));
    current.once('end', () => {
      clearTimeout(idle);
      if (position === wanted.end) stream.push(null);
      else goOn(current, new Error(`the answer ended at byte ${position} of ${wanted.end}`));
    });
    watch(current);
  };

  const watch = (current: Readable): void => {
    const { idleMs } = s3.timeouts;
    clearTimeout(idle);
    idle = setTimeout(() => {
      stalls++;
      // The waiting itself does not count as time without a connection.
      brokenAt = undefined;
      goOn(current, new Error(`no byte came for ${idleMs} ms`));
    }, idleMs);
  };

  const goOn = (broken: Readable, error: Error): void => {
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
    // A server that accepts connections and cuts them again must not be asked all the time.
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
  if (!(Body instanceof Readable)) throw new Error('the answer has no body');
  if (ContentRange?.startsWith(`bytes ${start}-${end - 1}/`) === true) return Body;
  Body.destroy();
  throw new Error(`asked for bytes ${start}-${end - 1}, got ${ContentRange ?? 'no range'}`);
}

function failed(doing: string, cause: Error): ArtifactStoreError {
  return new ArtifactStoreError('failed', `Cannot ${doing}: ${cause.message}`, { cause });
}
