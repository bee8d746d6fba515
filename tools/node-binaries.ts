import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The Node binaries that `npm ci` installs, pinned one by one. */
const pinsSchema = z.strictObject({
  version: z.string(),
  /** A description of the source of the checksums. */
  source: z.string(),
  /** The date on which `npm run check:node-release` found the same binaries in the archives of nodejs.org. */
  comparedWithNodejsOrg: z.iso.date().nullable(),
  sha256: z.strictObject({ x64: sha256, arm64: sha256 }),
});

export type NodePins = z.output<typeof pinsSchema>;
export type Architecture = keyof NodePins['sha256'];
export const ARCHITECTURES = ['x64', 'arm64'] as const satisfies readonly Architecture[];

export async function readNodePins(): Promise<NodePins> {
  const file = new URL('node-binaries.json', import.meta.url);
  return pinsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

export interface InstalledNode {
  readonly architecture: Architecture;
  /** Version in the lock file. */
  readonly version: string | undefined;
  /** SHA-256 of bin/node; undefined if this machine has another architecture. */
  readonly sha256: string | undefined;
}

/** Returns the differences between the pinned binaries and those in the lock file and node_modules. */
export function findNodeFaults(pins: NodePins, installed: readonly InstalledNode[]): string[] {
  const faults = installed.flatMap(({ architecture, version, sha256: found }) => {
    const name = `node-linux-${architecture}`;
    if (version !== pins.version)
      return [
        `${name}: ${version ?? 'no version'} is locked, the pinned binary is ${pins.version}`,
      ];
    const pinned = pins.sha256[architecture];
    return found === undefined || found === pinned
      ? []
      : [`${name}: bin/node has SHA-256 ${found}, pinned is ${pinned}`];
  });
  const isHashed = installed.some((one) => one.sha256 !== undefined);
  return isHashed || process.platform !== 'linux'
    ? faults
    : [...faults, 'no Node binary of node_modules was found to compare; run npm ci'];
}

/** @returns undefined if the file does not exist */
export async function sha256OfFile(file: string | URL): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}
