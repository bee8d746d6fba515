import { readFile } from 'node:fs/promises';
import { findSupplyFaults, type LockFile } from './find-supply-faults.ts';

/** `npm run check:supply`: the lock file pins what is installed, from the registry alone, under agreed licences. */
const file = new URL('../../../package-lock.json', import.meta.url);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by npm
const lock = JSON.parse(await readFile(file, 'utf8')) as LockFile;
const faults = findSupplyFaults(lock);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
