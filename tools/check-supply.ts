import { readFile } from 'node:fs/promises';
import { findSupplyFaults, type LockFile } from './find-supply-faults.ts';
import { ARCHITECTURES, findNodeFaults, readNodePins, sha256OfFile } from './node-binaries.ts';

/**
 * `npm run check:supply`: checks that the lock file pins every package, that packages come only from the registry and
 * have accepted licences, and that the installed Node binary is the pinned one.
 */
const root = new URL('../', import.meta.url);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by npm
const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')) as LockFile;
const installed = await Promise.all(
  ARCHITECTURES.map(async (architecture) => {
    const path = `node_modules/node-linux-${architecture}`;
    const { version } = lock.packages[path] ?? {};
    const sha256 = await sha256OfFile(new URL(`${path}/bin/node`, root));
    return { architecture, version, sha256 };
  }),
);
const faults = [...findSupplyFaults(lock), ...findNodeFaults(await readNodePins(), installed)];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
