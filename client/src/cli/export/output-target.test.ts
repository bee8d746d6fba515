import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { outputTarget } from './output-target.ts';

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'exhibit-output-')));
});
afterEach(() => rm(directory, { recursive: true, force: true }));
const at = (name: string) => join(directory, name);

test('a new or existing regular file is written to a .part file in its directory', async () => {
  await writeFile(at('old'), '');
  for (const name of ['old', 'new']) {
    const expected = { kind: 'file', path: at(name), part: at(`${name}.part`) };
    expect(await outputTarget(at(name))).toEqual(expected);
  }
});

test('a symlink resolves to its target even if the target does not exist yet', async () => {
  await mkdir(at('elsewhere'));
  await writeFile(at('elsewhere/old'), '');
  await symlink('elsewhere/old', at('to-old'));
  await symlink('to-old', at('to-link'));
  await symlink('elsewhere/new', at('dangling'));
  for (const [link, name] of [
    ['to-old', 'old'],
    ['to-link', 'old'],
    ['dangling', 'new'],
  ] as const) {
    const path = at(`elsewhere/${name}`);
    expect(await outputTarget(at(link))).toEqual({ kind: 'file', path, part: `${path}.part` });
  }
});

test('a FIFO or a socket is a stream target, also through a symlink', async () => {
  execFileSync('mkfifo', [at('fifo')]);
  await symlink('fifo', at('to-fifo'));
  for (const name of ['fifo', 'to-fifo'])
    expect(await outputTarget(at(name))).toEqual({
      kind: 'stream',
      path: at(name),
      isSocket: false,
    });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  expect(await outputTarget(at('socket'))).toMatchObject({ kind: 'stream', isSocket: true });
  server.close();
});

test.each(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])(
  '%s means standard output',
  async (name) => {
    expect(await outputTarget(name)).toEqual({ kind: 'stdout' });
  },
);

test.each([
  ['', 'needs a name'],
  ['missing/file', 'does not exist'],
  ['missing/', 'the directory does not exist'],
  ['file/below', 'ENOTDIR'],
  ['loop', 'ELOOP'],
  ['dangling-far', 'does not exist'],
  ['blocked', 'exists and is not a regular file'],
  ['x'.repeat(252), 'ENAMETOOLONG'],
])('rejects %s with the reason "%s"', async (name, reason) => {
  await writeFile(at('file'), '');
  await symlink('loop', at('loop'));
  await symlink('missing/target', at('dangling-far'));
  execFileSync('mkfifo', [at('blocked.part')]);
  const path = name === '' ? '' : `${directory}/${name}`;
  await expect(outputTarget(path)).rejects.toThrow(reason);
  await expect(outputTarget(path)).rejects.toMatchObject({ exitCode: 2 });
});
