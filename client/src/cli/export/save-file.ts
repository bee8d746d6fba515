import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Client, type Download, DigestMismatchError, type ExportJob } from '../../client.ts';
import type { DownloadStart } from '../../download.ts';
import { createNativeSha256 } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { ProgressLine } from '../terminal/progress-line.ts';
import { DownloadProgressLine } from './download-progress.ts';

export interface SaveOptions {
  /** File or directory; undefined: the server's name in the current directory. */
  readonly output: string | undefined;
  /** Go on with what an earlier try left in `NAME.part`. */
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
 * Downloads the file of a job to `NAME.part` and renames it when the digest matched. When it did not, the
 * part is removed; when the connection could not be had again, it stays, to go on from.
 * @throws DigestMismatchError, ExhibitError, ExhibitNetworkError, CommandError
 */
export async function saveFile(
  client: Client,
  job: ExportJob,
  options: SaveOptions,
): Promise<SavedFile> {
  const path = await targetPath(client, job, options.output);
  const part = `${path}.part`;
  if (!options.resume) await rm(part, { force: true });
  const start = await startFrom(part, job);
  try {
    return await download(client, job, { path, part, start, ...options });
  } catch (error) {
    if (!(error instanceof DigestMismatchError)) throw error;
    await rm(part, { force: true });
    // The earlier part may have been of another file: once more from the beginning tells.
    if (start === undefined) throw error;
    return saveFile(client, job, { ...options, resume: false });
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
  await rename(part, path);
  return { path, bytes, sha256, resumed: progress.resumed };
}

async function write(file: Download, part: string, signal: AbortSignal): Promise<void> {
  const sink =
    file.startsAt === 0
      ? createWriteStream(part, { mode: 0o600, flush: true })
      : createWriteStream(part, { flags: 'r+', start: file.startsAt, flush: true });
  await pipeline(file, sink, { signal });
}

async function targetPath(
  client: Client,
  { jobId }: ExportJob,
  output: string | undefined,
): Promise<string> {
  const info = output === undefined ? undefined : await stat(output).catch(() => undefined);
  if (output !== undefined && info?.isDirectory() !== true) return output;
  // A refusal has no body under HEAD: why there is no file, the download itself will say.
  const described = await client.exports.describeFile(jobId).catch(() => undefined);
  return join(output ?? '.', described?.fileName ?? `exhibit-${jobId}`);
}

/** Fails before the export is made, not after. */
export async function requireWritable(output: string | undefined): Promise<void> {
  const info = output === undefined ? undefined : await stat(output).catch(() => undefined);
  const directory = info?.isDirectory() === true ? (output ?? '.') : dirname(output ?? '.');
  try {
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const name =
      output === undefined ? 'The current directory' : `The directory of ${basename(output)}`;
    throw new CommandError(EXIT.usage, `${name} (${directory}) cannot be written to.`, {
      cause: error,
    });
  }
}

/** What an earlier try left; undefined when there is nothing that could be the beginning of this file. */
async function startFrom(part: string, job: ExportJob): Promise<DownloadStart | undefined> {
  const info = await stat(part).catch(() => undefined);
  const bytes = info?.isFile() === true ? info.size : 0;
  if (bytes === 0 || bytes >= (job.bytes ?? 0)) return undefined;
  const hash = createNativeSha256();
  for await (const chunk of createReadStream(part) as AsyncIterable<Buffer>) hash.update(chunk);
  return { bytes, hash };
}
