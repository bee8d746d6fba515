import type { FaultRun } from './run-fault.ts';

const STATUSES = ['succeeded', 'failed', 'canceled'] as const;

/** Faults, runs and outcomes as a Markdown table. */
export function faultTable(runs: readonly FaultRun[]): string {
  const byFault = Map.groupBy(runs, ({ fault }) => fault);
  const rows = [...byFault].map(([fault, group]) => row(fault, group));
  return [
    '| fault | runs | injected | jobs succeeded | failed | canceled | more than one attempt | wrong |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    row('all', runs),
  ].join('\n');
}

function row(name: string, runs: readonly FaultRun[]): string {
  const jobs = runs.flatMap((run) => run.jobs);
  const cells = [
    name,
    runs.length,
    runs.filter(({ injected }) => injected).length,
    ...STATUSES.map((wanted) => jobs.filter(({ status }) => status === wanted).length),
    jobs.filter(({ attempt }) => attempt > 1).length,
    runs.reduce((sum, { wrong }) => sum + wrong.length, 0),
  ];
  return `| ${cells.join(' | ')} |`;
}
