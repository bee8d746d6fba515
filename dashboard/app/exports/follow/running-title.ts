import { useEffect } from 'react';
import type { ExportJob } from '../../api/exports.ts';
import { isTerminal } from '../export-state.ts';

const MARK = /^(?:\d+% · |Exporting · )/;

/** The running jobs known to each part of the app, merged into one title. */
const known = new Map<string, readonly ExportJob[]>();
let watching = false;

/** Prefixes the tab's title with the progress of running jobs: `42% · Exports · Exhibit`. */
export function useRunningTitle(source: string, jobs: readonly ExportJob[]): void {
  const running = jobs.filter(({ status }) => !isTerminal(status));
  useEffect(() => {
    known.set(source, running);
    write();
    watch();
  });
  useEffect(
    () => () => {
      known.delete(source);
      write();
    },
    [source],
  );
}

function write(): void {
  const jobs = new Map([...known.values()].flat().map((job) => [job.jobId, job]));
  const title = prefixOf([...jobs.values()]) + document.title.replace(MARK, '');
  if (document.title !== title) document.title = title;
}

/** Adds the prefix again when another page sets its title. */
function watch(): void {
  const element = document.querySelector('title');
  if (watching || element === null) return;
  watching = true;
  new MutationObserver(write).observe(element, { childList: true });
}

function prefixOf(running: readonly ExportJob[]): string {
  if (running.length === 0) return '';
  const done = running.reduce((sum, { rowsExported }) => sum + rowsExported, 0);
  const total = running.reduce((sum, { rowsExpected }) => sum + (rowsExpected ?? 0), 0);
  if (total === 0 || running.some(({ rowsExpected }) => rowsExpected === null))
    return 'Exporting · ';
  return `${Math.min(99, Math.floor((100 * done) / total))}% · `;
}
