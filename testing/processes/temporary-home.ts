import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Creates a directory for a whole installation. Other users may traverse but not list it: if tests run as root,
 * PostgreSQL runs as another user, and in an inaccessible directory its files would be created elsewhere and never
 * removed.
 */
export async function temporaryHome(name: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), `exhibit-${name}-`));
  await chmod(home, 0o711);
  return home;
}
