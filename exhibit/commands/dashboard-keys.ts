import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Creates the key that signs the dashboard's tokens, unless the installation has one: `dashboard-keys.json` (mode
 * 0600), a JWKS that includes the private key.
 * @returns a value for DASHBOARD_TOKEN_KEYS: `file:…`
 */
export async function ensureDashboardKeys(home: string): Promise<string> {
  const file = join(home, 'dashboard-keys.json');
  const known = await readFile(file).catch(() => undefined);
  if (known === undefined) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = {
      ...privateKey.export({ format: 'jwk' }),
      kid: randomUUID(),
      alg: 'EdDSA',
      use: 'sig',
    };
    // link() never exposes a partial file, and if two processes start together, both use the first one's key.
    const written = `${file}.${randomUUID()}`;
    await writeFile(written, `${JSON.stringify({ keys: [key] }, null, 2)}\n`, { mode: 0o600 });
    await link(written, file).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await rm(written);
  }
  return pathToFileURL(file).href;
}
