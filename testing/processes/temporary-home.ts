import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new directory for a whole installation. Others may go through it, not look into it: where we are root,
 * PostgreSQL runs as somebody else, and below a directory closed to all its files would be put elsewhere, where
 * nobody removes them.
 */
export async function temporaryHome(name: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), `exhibit-${name}-`));
  await chmod(home, 0o711);
  return home;
}
