// `npm run check:drift` fails if two copies of the same fact differ.
import { readFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.ts';
import { checkStatesPage } from './check-states-page.ts';
import { findForbiddenImports } from './find-forbidden-imports.ts';
import { readSources } from './read-sources.ts';

interface DriftCheck {
  readonly name: string;
  /** One line per difference, with the command that resolves it. Empty if the copies agree. */
  readonly run: () => Promise<readonly string[]>;
}

const CHECKS: readonly DriftCheck[] = [
  { name: 'generated files match the routes', run: checkGeneratedFiles },
  { name: 'the states page matches the states table', run: checkStatesPage },
  {
    name: 'imports follow tools/import-zones.ts',
    run: async () => findForbiddenImports(await readSources()),
  },
];

async function checkGeneratedFiles(): Promise<readonly string[]> {
  const files = await generatedFiles();
  const findings = await Promise.all(
    files.map(async ({ url, path, content }) => {
      const kept = await readFile(url, 'utf8').catch(() => undefined);
      return kept === content ? [] : [`${path} is out of date: run "npm run generate".`];
    }),
  );
  return findings.flat();
}

for (const { name, run } of CHECKS) {
  const findings = await run();
  process.stdout.write(`${findings.length === 0 ? 'ok   ' : 'DRIFT'} ${name}\n`);
  for (const finding of findings) process.stdout.write(`      ${finding}\n`);
  if (findings.length > 0) process.exitCode = 1;
}
