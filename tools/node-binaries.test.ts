import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compareNodeRelease } from './compare-node-release.ts';
import {
  ARCHITECTURES,
  findNodeFaults,
  type NodePins,
  readNodePins,
  sha256OfFile,
} from './node-binaries.ts';

const ROOT = resolve(import.meta.dirname, '..');

const sum = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const directory = mkdtempSync(join(tmpdir(), 'exhibit-release-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Creates a release with two archives whose binaries have the content `x64` and `arm64`. */
const pins: NodePins = {
  version: '1.2.3',
  source: 'a test',
  comparedWithNodejsOrg: null,
  sha256: { x64: sum('x64'), arm64: sum('arm64') },
};

function writeRelease(binaryOf: (architecture: string) => string): void {
  const lines = ARCHITECTURES.map((architecture) => {
    const name = `node-v1.2.3-linux-${architecture}`;
    mkdirSync(join(directory, name, 'bin'), { recursive: true });
    writeFileSync(join(directory, name, 'bin', 'node'), binaryOf(architecture));
    execFileSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: directory });
    return `${sum(readFileSync(join(directory, `${name}.tar.gz`)))}  ${name}.tar.gz\n`;
  });
  writeFileSync(join(directory, 'SHASUMS256.txt'), lines.join(''));
}

test('the installed Node binary has the pinned SHA-256', async () => {
  const real = await readNodePins();
  const installed = await Promise.all(
    ARCHITECTURES.map(async (architecture) => ({
      architecture,
      version: real.version,
      sha256: await sha256OfFile(join(ROOT, `node_modules/node-linux-${architecture}/bin/node`)),
    })),
  );
  expect(findNodeFaults(real, installed)).toEqual([]);
});

test('a different or missing Node binary or another version is reported as a difference', () => {
  const good = { architecture: 'x64', version: '1.2.3', sha256: sum('x64') } as const;
  expect(findNodeFaults(pins, [good])).toEqual([]);
  expect(findNodeFaults(pins, [{ ...good, sha256: sum('other') }])).toEqual([
    expect.stringContaining('bin/node has SHA-256'),
  ]);
  expect(findNodeFaults(pins, [{ ...good, version: '1.2.4' }])).toEqual([
    expect.stringContaining('1.2.4 is locked'),
  ]);
  expect(findNodeFaults(pins, [{ ...good, sha256: undefined }])).toHaveLength(
    process.platform === 'linux' ? 1 : 0,
  );
});

test('the binaries of a release are compared with the checksums of its archives', async () => {
  writeRelease((architecture) => architecture);
  expect(await compareNodeRelease(pins, directory)).toEqual([]);

  writeRelease((architecture) => `${architecture}, changed`);
  expect(await compareNodeRelease(pins, directory)).toEqual([
    expect.stringMatching(/linux-x64\/bin\/node has SHA-256 .* pinned is/),
    expect.stringMatching(/linux-arm64\/bin\/node has SHA-256 .* pinned is/),
  ]);

  writeRelease((architecture) => architecture);
  writeFileSync(join(directory, 'node-v1.2.3-linux-x64.tar.gz'), 'not the archive');
  rmSync(join(directory, 'node-v1.2.3-linux-arm64.tar.gz'));
  expect(await compareNodeRelease(pins, directory)).toEqual([
    expect.stringMatching(/linux-x64\.tar\.gz has SHA-256 .* SHASUMS256\.txt says/),
    'node-v1.2.3-linux-arm64.tar.gz is missing',
  ]);
});
