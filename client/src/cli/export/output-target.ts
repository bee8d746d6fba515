import type { Stats } from 'node:fs';
import { access, constants, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.ts';

const STDOUT = '-';
/** Other names of standard output. What they lead to is open already, so nothing is created or replaced. */
const STDOUT_NAMES: ReadonlySet<string> = new Set([
  STDOUT,
  '/dev/stdout',
  '/dev/fd/1',
  '/proc/self/fd/1',
]);
/** As many as Linux follows. */
const MAX_SYMLINKS = 40;

/** Where `-o` leads. */
export type OutputTarget =
  | { readonly kind: 'stdout' }
  /** A FIFO, a character device or a socket: bytes are written into it; it is never replaced or removed. */
  | { readonly kind: 'stream'; readonly path: string; readonly isSocket: boolean }
  /** The file gets the name that the server gives. */
  | { readonly kind: 'directory'; readonly path: string }
  /** A new or existing regular file, no symlink: `part` is written and renamed to `path`. */
  | { readonly kind: 'file'; readonly path: string; readonly part: string };

export function isStdout(output: string | undefined): boolean {
  return output !== undefined && STDOUT_NAMES.has(output);
}

/**
 * Finds out what `-o` names and checks that it can be written to. Creates and changes nothing, so it can be called
 * before the export is created as well as before its file is written.
 * @throws CommandError (usage) that says why it cannot be written to
 */
export async function outputTarget(output: string | undefined): Promise<OutputTarget> {
  if (isStdout(output)) return { kind: 'stdout' };
  if (output === '') throw new CommandError(EXIT.usage, '-o needs a name.');
  const path = output ?? '.';
  const info = await statOrUndefined(path);
  if (info?.isDirectory() === true) {
    await requireWritableDirectory(path, output);
    return { kind: 'directory', path };
  }
  if (info === undefined || info.isFile()) return fileTarget(path, info);
  if (info.isBlockDevice())
    throw refusal(path, 'it is a block device, and writing to it would destroy what it holds');
  await requireAccess(path, path, constants.W_OK);
  return { kind: 'stream', path, isSocket: info.isSocket() };
}

async function fileTarget(output: string, info: Stats | undefined): Promise<OutputTarget> {
  if (output.endsWith(sep)) throw refusal(output, 'there is no such directory');
  const path = info === undefined ? await newFile(output) : await realPathOf(output);
  await requireWritableDirectory(dirname(path), output);
  if (info !== undefined) await requireAccess(path, output, constants.W_OK);
  const part = `${path}.part`;
  const inTheWay = await lstatOrUndefined(part, output);
  if (inTheWay !== undefined && !inTheWay.isFile())
    throw refusal(output, `${part}, where the download is collected, exists and is not a file`);
  return { kind: 'file', path, part };
}

/** The name itself, or where a symlink leads whose target does not exist yet. */
async function newFile(output: string): Promise<string> {
  let path = output;
  for (let links = 0; links <= MAX_SYMLINKS; links++) {
    const info = await lstatOrUndefined(path, output);
    if (info?.isSymbolicLink() !== true) return path;
    path = resolve(dirname(path), await readlink(path));
  }
  throw refusal(output, 'it leads through too many symbolic links');
}

/** Beside the file itself, and not beside a symlink to it, or the rename would replace the symlink. */
async function realPathOf(output: string): Promise<string> {
  const info = await lstatOrUndefined(output, output);
  return info?.isSymbolicLink() === true ? realpath(output) : output;
}

/** The file in a directory, under the server's name. */
export function fileIn(directory: string, name: string): Promise<OutputTarget> {
  return outputTarget(join(directory, name));
}

async function requireWritableDirectory(
  directory: string,
  output: string | undefined,
): Promise<void> {
  const info = await statOrUndefined(directory);
  const name = output ?? 'the current directory';
  if (info === undefined) throw refusal(name, `the directory ${directory} does not exist`);
  if (!info.isDirectory()) throw refusal(name, `${directory} is not a directory`);
  await requireAccess(directory, name, constants.W_OK | constants.X_OK);
}

async function requireAccess(path: string, output: string, mode: number): Promise<void> {
  try {
    await access(path, mode);
  } catch (error) {
    const what = path === output ? 'it' : path;
    throw refusal(output, `${what} is not writable (${codeOf(error)})`, error);
  }
}

/** Follows symlinks; undefined when nothing exists there. */
async function statOrUndefined(path: string): Promise<Stats | undefined> {
  return stat(path).catch(unlessMissing(path));
}

async function lstatOrUndefined(path: string, output: string): Promise<Stats | undefined> {
  return lstat(path).catch(unlessMissing(output));
}

function unlessMissing(output: string): (error: unknown) => undefined {
  return (error) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw refusal(output, error instanceof Error ? error.message : String(error), error);
  };
}

function refusal(output: string, reason: string, cause?: unknown): CommandError {
  return new CommandError(EXIT.usage, `Cannot write to ${output}: ${reason}.`, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
