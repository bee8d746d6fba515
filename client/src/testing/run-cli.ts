import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../../exhibit/bin/exhibit.js', import.meta.url));

export interface CliEnvironment {
  readonly url: string;
  readonly key: string;
  /** Working directory, home and config directory of the process. */
  readonly directory: string;
}

interface CliResult {
  /** null if a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<CliResult>;
}

/** Starts `exhibit …` as a child process and checks that its output never contains the key. */
export function startCli(
  { url, key, directory }: CliEnvironment,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningCli {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      XDG_CONFIG_HOME: directory,
      EXHIBIT_API_URL: url,
      EXHIBIT_API_KEY: key,
      ...env,
    },
  });
  return { child, ended: resultOf(child, key) };
}

async function resultOf(child: ChildProcessWithoutNullStreams, key: string): Promise<CliResult> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => out.push(data));
  child.stderr.on('data', (data: Buffer) => err.push(data));
  await once(child, 'close');
  const stdout = Buffer.concat(out).toString('utf8');
  const stderr = Buffer.concat(err).toString('utf8');
  if (key !== '') expect(stdout + stderr, 'the key was printed').not.toContain(key);
  return { code: child.exitCode, stdout, stderr };
}

/** Runs `exhibit …` until it exits; `input` is written to its standard input. */
export async function runCli(
  environment: CliEnvironment,
  args: readonly string[],
  {
    input,
    env,
  }: { readonly input?: Buffer | string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CliResult> {
  const { child, ended } = startCli(environment, args, env);
  // A process that does not read all input closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return ended;
}
