import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program until it exits. @throws Error with its stderr if the exit code is not 0 */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string }> {
  const child = spawn(program, args, { env: { PATH: process.env['PATH'], ...env } });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => out.push(data));
  child.stderr.on('data', (data: Buffer) => err.push(data));
  await once(child, 'close');
  const stdout = Buffer.concat(out).toString('utf8');
  if (child.exitCode === 0) return { stdout };
  throw new Error(
    `${args[0]} ended with ${child.exitCode}: ${Buffer.concat(err).toString('utf8')}`,
  );
}
