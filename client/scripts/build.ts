// Builds the publishable package: plain JavaScript, types, and its own package.json.
// `node scripts/build.ts [DIRECTORY]`, default: client/dist. The package does not include the command line.
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
// Use the TypeScript of this repository, not one found through PATH.
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
  // The minimum version that @noble/hashes requires.
  engines: { node: '>=20.19' },
  exports: { '.': { types: './client.d.ts', default: './client.js' } },
  dependencies: { '@noble/hashes': dependencies['@noble/hashes'] },
};
await writeFile(join(target, 'package.json'), `${JSON.stringify(built, null, 2)}\n`);
process.stdout.write(`built ${target}\n`);
