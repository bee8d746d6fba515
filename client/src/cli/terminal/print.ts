import { once } from 'node:events';
import { redact } from '../redact.ts';

/** A result: one line on stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a person should know and a pipe should not get: one line on stderr. */
export function note(line: string): void {
  process.stderr.write(`${redact(line)}\n`);
}

/** Bytes to stdout, waiting while the reader is slower. */
export async function writeOut(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}
