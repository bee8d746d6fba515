import type { Stats } from 'node:fs';
import { access, constants, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.ts';

const STDOUT = '-';
/** Other names of standard output. They refer to a file that is already open, so no file is created or replaced. */
const STDOUT_NAMES: ReadonlySet<string> = new Set([
  STDOUT,
  '/dev/stdout',
  '/dev/fd/1',
  '/proc/self/fd/1',
]);
/** The limit that Linux uses. */
const MAX_SYMLINKS = 40;

/** The target of `-o`. */
export type OutputTarget =
  | { readonly kind: 'stdout' }
  /** A FIFO, a character device or a socket. Bytes are written into it; it is never replaced or removed. */
  | { readonly kind: 'stream'; readonly path: string; readonly isSocket: boolean }
  /** The file is named by the server. */
  | { readonly kind: 'directory'; readonly path: string }
  /** A new or existing regular file, with symlinks resolved: `part` is written and then renamed to `path`. */
  | { readonly kind: 'file'; readonly path: string; readonly part: string };

export function isStdout(output: string | undefined): boolean {
  return output !== undefined && STDOUT_NAMES.has(output);
}

/**
 * Resolves `-o` to a target and checks that it is writable. It creates and changes nothing, so it is called both
 * before the export is created and before its file is written.
 * @throws CommandError (usage) with the reason if the target is not writable
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
    throw refusal(path, 'it is a block device, and writing to it would destroy its data');
  await requireAccess(path, path, constants.W_OK);
  return { kind: 'stream', path, isSocket: info.isSocket() };
}

async function fileTarget(output: string, info: Stats | undefined): Promise<OutputTarget> {
  if (output.endsWith(sep)) throw refusal(output, 'the directory does not exist');
  const path = info === undefined ? await newFile(output) : await realPathOf(output);
  await requireWritableDirectory(dirname(path), output);
  if (info !== undefined) await requireAccess(path, output, constants.W_OK);
  const part = `${path}.part`;
  const inTheWay = await lstatOrUndefined(part, output);
  if (inTheWay !== undefined && !inTheWay.isFile())
    throw refusal(output, `the temporary file ${part} exists and is not a regular file`);
  return { kind: 'file', path, part };
}

/** The path of a file that does not exist yet: the given path, or the target of a dangling symlink. */
async function newFile(output: string): Promise<string> {
  let path = output;
  for (let links = 0; links <= MAX_SYMLINKS; links++) {
    const info = await lstatOrUndefined(path, output);
    if (info?.isSymbolicLink() !== true) return path;
    path = resolve(dirname(path), await readlink(path));
  }
  throw refusal(output, 'it has too many levels of symbolic links');
}

/** Resolves symlinks, because renaming the part to the path of a symlink would replace the symlink. */
async function realPathOf(output: string): Promise<string> {
  const info = await lstatOrUndefined(output, output);
  return info?.isSymbolicLink() === true ? realpath(output) : output;
}

/** The target for a file of this name in a directory. */
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

/** Follows symlinks. Returns undefined if the path does not exist. */
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
