import { readdirSync } from 'node:fs';
import type { Complete } from '@bomb.sh/tab';

/**
 * Completes file names. The completion library has no support for files and turns off the shell's own file
 * completion. The word to complete is the last argument of `exhibit complete -- …`.
 */
export function completeFiles(complete: Complete): void {
  const word = process.argv.at(-1) ?? '';
  const directory = word.slice(0, word.lastIndexOf('/') + 1);
  for (const entry of entriesOf(directory === '' ? '.' : directory))
    complete(`${directory}${entry.name}${entry.isDirectory() ? '/' : ''}`, '');
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
