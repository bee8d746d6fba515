import { once } from 'node:events';
import { redact } from '../redact.ts';

/** Writes one line of the result to stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line for people to stderr, so that a pipe does not receive it. */
export function note(line: string): void {
  process.stderr.write(`${redact(line)}\n`);
}

/** Writes bytes to stdout and waits while the reader is slower. */
export async function writeOut(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}
