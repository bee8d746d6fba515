import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const SYSTEM_NODE = '/usr/bin/node';
const PROGRAM = resolve(import.meta.dirname, '../exhibit/bin/exhibit.js');

const version = existsSync(SYSTEM_NODE)
  ? execFileSync(SYSTEM_NODE, ['--version'], { encoding: 'utf8' }).trim()
  : 'none';
const isOld = /^v(?:1\d|20|21)\./.test(version);

test.skipIf(!isOld)(
  `a Node that is too old exits with an explanation (needs a Node before 22 at ${SYSTEM_NODE}; there is ${version})`,
  () => {
    const { status, stderr } = spawnSync(SYSTEM_NODE, [PROGRAM, '--help'], { encoding: 'utf8' });
    expect(status).toBe(70);
    expect(stderr).toBe(
      `exhibit needs Node 22.18 or newer, this is ${version.slice(1)}.\nnpm scripts and npx use the Node 24 that "npm ci" installs: run "npx exhibit …".\n`,
    );
  },
);
