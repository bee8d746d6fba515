import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { pino } from 'pino';
import { buildApp } from '../server/src/api/build-app.ts';

const ROOT = new URL('../', import.meta.url);
const HEADER = "// Written by `npm run generate` from the api's routes. Do not edit.\n\n";

/** A request may omit a field that has a default. */
const TYPES = { defaultNonNullable: false };

interface GeneratedFile {
  readonly url: URL;
  /** Relative to the root of the repository, for messages. */
  readonly path: string;
  readonly content: string;
}

/** The files generated from the api's routes, with their expected content. Needs no database. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const document = await openApiDocument();
  const types = HEADER + astToString(await openapiTS(document, TYPES));
  return [
    generated('docs/openapi.json', `${JSON.stringify(document, null, 2)}\n`),
    generated('client/src/generated/openapi.ts', await format('openapi.ts', types)),
  ];
}

function generated(path: string, content: string): GeneratedFile {
  return { url: new URL(path, ROOT), path, content };
}

async function openApiDocument(): Promise<OpenAPI3> {
  const app = await buildApp({
    regions: new Map(),
    log: pino({ level: 'silent' }),
    settings: { exportMaxRows: 1, exportMaxRunning: 1 },
  });
  try {
    // Compare the JSON that a client receives, in which undefined members are omitted.
    return (await app.inject('/openapi.json')).json<OpenAPI3>();
  } finally {
    await app.close();
  }
}

function format(name: string, source: string): Promise<string> {
  const biome = fileURLToPath(new URL('node_modules/.bin/biome', ROOT));
  return new Promise((resolve, reject) => {
    const child = execFile(
      biome,
      ['format', `--stdin-file-path=${name}`],
      { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
    child.stdin?.end(source);
  });
}
