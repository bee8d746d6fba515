import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the embedded PostgreSQL of an installation keeps its data (embedded-location.ts decides that when it starts);
 * undefined: there is none here.
 */
export function embeddedDataDirectory(home: string): string | undefined {
  const directory = join(home, 'postgres');
  if (!existsSync(directory)) return undefined;
  const pointer = join(directory, 'LOCATION');
  if (!existsSync(pointer)) return directory;
  return readFileSync(pointer, 'utf8').split('\n')[0] ?? directory;
}
