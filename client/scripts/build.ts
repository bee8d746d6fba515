// Builds the package that can be published: plain JavaScript, types, and a package.json of its own.
// `node scripts/build.ts [DIRECTORY]`, default: client/dist. The command line is not part of it.
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const client = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2] ?? join(client, 'dist'));

await rm(target, { recursive: true, force: true });
// By path, not by PATH: the repository's own TypeScript, whoever starts this.
const tsc = join(client, '../node_modules/typescript/bin/tsc');
const project = join(client, 'tsconfig.build.json');
execFileSync(process.execPath, [tsc, '-p', project, '--outDir', target], { stdio: 'inherit' });

const source: Package = JSON.parse(await readFile(join(client, 'package.json'), 'utf8'));
const { name, version, license, dependencies } = source;
const built = {
  name,
  version,
  license,
  description: "Typed client of Exhibit's public API",
  type: 'module',
  sideEffects: false,
  // That of @noble/hashes.
  engines: { node: '>=20.19' },
  exports: { '.': { types: './client.d.ts', default: './client.js' } },
  dependencies: { '@noble/hashes': dependencies['@noble/hashes'] },
};
await writeFile(join(target, 'package.json'), `${JSON.stringify(built, null, 2)}\n`);
process.stdout.write(`built ${target}\n`);
