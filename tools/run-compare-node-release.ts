import { compareNodeRelease, withPublishedRelease } from './compare-node-release.ts';
import { readNodePins } from './node-binaries.ts';

/** `npm run check:node-release [-- DIRECTORY]`: checks that the pinned Node binaries are those on nodejs.org. */
const pins = await readNodePins();
const [, , directory] = process.argv;
const compare = (from: string) => compareNodeRelease(pins, from);
try {
  const faults = await (directory === undefined
    ? withPublishedRelease(pins, compare)
    : compare(directory));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
  else
    console.log(
      `The pinned binaries of Node ${pins.version} match the archives listed in SHASUMS256.txt.`,
    );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
