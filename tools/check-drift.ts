// Fails when something that is written down twice no longer agrees: `npm run check:drift`.
import { readFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.ts';
import { checkStatesPage } from './check-states-page.ts';

interface DriftCheck {
  readonly name: string;
  /** What no longer agrees and what to do, a line each; empty when all is well. */
  readonly run: () => Promise<readonly string[]>;
}

const CHECKS: readonly DriftCheck[] = [
  { name: 'generated files are what the routes say', run: checkGeneratedFiles },
  { name: 'the states page shows the states table', run: checkStatesPage },
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
