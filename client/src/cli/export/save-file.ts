import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { chmod, chown, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Client, type Download, DigestMismatchError, type ExportJob } from '../../client.ts';
import type { DownloadStart } from '../../download.ts';
import { createNativeSha256 } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { DownloadProgressLine } from './download-progress.ts';
import { fileIn, outputTarget, type OutputTarget } from './output-target.ts';
import { type StreamTarget, writeStream } from './write-stream.ts';

export interface SaveOptions {
  /** File, directory, FIFO, device or socket; undefined means the server's file name in the current directory. */
  readonly output: string | undefined;
  /** Resume from the `NAME.part` of an earlier attempt. */
  readonly resume: boolean;
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
}

export interface SavedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly resumed: number;
}

/**
 * Downloads the file of a job to the target of `-o`: a regular file is replaced, any other target is written into.
 * @throws DigestMismatchError, ExhibitError, ExhibitNetworkError, CommandError
 */
export async function saveFile(
  client: Client,
  job: ExportJob,
  options: SaveOptions,
): Promise<SavedFile> {
  const target = await finalTarget(client, job, options.output);
  if (target.kind === 'stream') return pourInto(client, job, { ...options, ...target });
  return replaceFile(client, job, target, options);
}

type FileTarget = Extract<OutputTarget, { kind: 'file' }>;

/** Resolves a directory target to the file in it that the server names. */
async function finalTarget(
  client: Client,
  { jobId }: ExportJob,
  output: string | undefined,
): Promise<FileTarget | Extract<OutputTarget, { kind: 'stream' }>> {
  const target = await outputTarget(output);
  if (target.kind === 'file' || target.kind === 'stream') return target;
  if (target.kind === 'stdout') throw new Error('Standard output is not a file');
  // A failed HEAD request has no body; the download request that follows reports why there is no file.
  const described = await client.exports.describeFile(jobId).catch(() => undefined);
  const found = await fileIn(target.path, described?.fileName ?? `exhibit-${jobId}`);
  if (found.kind === 'file' || found.kind === 'stream') return found;
  throw new Error('The file name from the server is a directory');
}

/** Writes directly into a stream. Written bytes cannot be undone, so there is no part file and no resuming. */
async function pourInto(
  client: Client,
  job: ExportJob,
  { line, signal, ...target }: SaveOptions & StreamTarget,
): Promise<SavedFile> {
  const progress = new DownloadProgressLine(line);
  const file = await client.exports.download(job.jobId, {
    signal,
    sha256: job.sha256 ?? undefined,
    onProgress: (now) => progress.show(now),
  });
  await writeStream(target, file, signal);
  const { bytes, sha256 } = file.result();
  return { path: target.path, bytes, sha256, resumed: progress.resumed };
}

/**
 * Downloads to `NAME.part` and renames it to NAME if the digest matches. If the digest differs, the part is removed.
 * If the connection cannot be restored, the part is kept so that the download can be resumed.
 */
async function replaceFile(
  client: Client,
  job: ExportJob,
  { path, part }: FileTarget,
  options: SaveOptions,
): Promise<SavedFile> {
  if (!options.resume) await rm(part, { force: true });
  const start = await startFrom(part, job);
  try {
    return await download(client, job, { path, part, start, ...options });
  } catch (error) {
    if (!(error instanceof DigestMismatchError)) throw error;
    await rm(part, { force: true });
    // The part may belong to another file. Download again from the beginning to find out.
    if (start === undefined) throw error;
    return replaceFile(client, job, { kind: 'file', path, part }, { ...options, resume: false });
  }
}

interface Target extends SaveOptions {
  readonly path: string;
  readonly part: string;
  readonly start: DownloadStart | undefined;
}

async function download(client: Client, job: ExportJob, target: Target): Promise<SavedFile> {
  const { path, part, start, line, signal } = target;
  const progress = new DownloadProgressLine(line);
  const file = await client.exports.download(job.jobId, {
    signal,
    sha256: job.sha256 ?? undefined,
    resume: start,
    onProgress: (now) => progress.show(now),
  });
  await write(file, part, signal);
  const { bytes, sha256 } = file.result();
  await publish(part, path);
  return { path, bytes, sha256, resumed: progress.resumed };
}

async function write(file: Download, part: string, signal: AbortSignal): Promise<void> {
  // A server that ignores Range starts over. Use `wx` for a new part, so that a planted symlink is not followed.
  if (file.startsAt === 0) await rm(part, { force: true });
  const sink =
    file.startsAt === 0
      ? createWriteStream(part, { mode: 0o600, flush: true, flags: 'wx' })
      : createWriteStream(part, { flags: 'r+', start: file.startsAt, flush: true });
  await pipeline(file, sink, { signal });
}

/** Renames the part to the file. A file that existed keeps its mode and owner. */
async function publish(part: string, path: string): Promise<void> {
  // Check again: during the download, the file may have been replaced by something else.
  const target = await outputTarget(path);
  if (target.kind !== 'file' || target.path !== path) {
    throw new CommandError(
      EXIT.failed,
      `${path} is no longer a regular file, so it was not replaced. The verified file is ${part}.`,
    );
  }
  const replaced = await stat(path).catch(() => undefined);
  if (replaced !== undefined) await takeOver(part, replaced);
  await rename(part, path);
}

/** If the owner cannot be changed, group and other permissions are dropped, or the wrong users could read the file. */
async function takeOver(part: string, { mode, uid, gid }: Stats): Promise<void> {
  const kept = await chown(part, uid, gid).then(
    () => 0o777,
    () => 0o700,
  );
  await chmod(part, mode & kept);
}

/** The part of an earlier attempt; undefined if no usable part exists. */
async function startFrom(part: string, job: ExportJob): Promise<DownloadStart | undefined> {
  const info = await stat(part).catch(() => undefined);
  const bytes = info?.isFile() === true ? info.size : 0;
  if (bytes === 0 || bytes >= (job.bytes ?? 0)) return undefined;
  const hash = createNativeSha256();
  for await (const chunk of createReadStream(part) as AsyncIterable<Buffer>) hash.update(chunk);
  return { bytes, hash };
}
