import { readFile } from 'node:fs/promises';
import { EXPORT_STATES, EXPORT_STATUSES } from '../contract/export-state.ts';

const PAGE = new URL('../docs/internals/export-states.md', import.meta.url);

/** Differences between docs/internals/export-states.md and the states table, one line each. */
export async function checkStatesPage(): Promise<readonly string[]> {
  const page = await readFile(PAGE, 'utf8');
  const findings: string[] = [];
  const drawn = new Set(
    [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} → ${to}`),
  );
  const real = new Set(
    EXPORT_STATUSES.flatMap((from) => EXPORT_STATES[from].next.map((to) => `${from} → ${to}`)),
  );
  for (const step of real.difference(drawn))
    findings.push(`docs/internals/export-states.md does not draw ${step}.`);
  for (const step of drawn.difference(real))
    findings.push(
      `docs/internals/export-states.md draws ${step}, which is not in the states table.`,
    );
  for (const status of EXPORT_STATUSES) {
    const { label, tone, actions } = EXPORT_STATES[status];
    const row = `| ${status} | ${label} | ${tone} | ${actions.join(', ')} |`;
    if (!page.includes(row))
      findings.push(`docs/internals/export-states.md should have the row: ${row}`);
  }
  return findings;
}
