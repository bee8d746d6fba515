import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** Bytes of memory by which each process of a browser has grown at most since it was asked for. */
export interface MemoryGrowth {
  /** Of the tabs' processes the one that grew most. */
  readonly renderer: number;
  /** Of the browser's own, which holds what pages keep as blobs. */
  readonly browser: number;
}

/** Watches a browser's processes from outside: the peak of their resident memory, which misses nothing between two looks. */
export async function watchMemory(browser: Browser): Promise<() => MemoryGrowth> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const watched = processInfo
    .filter(({ type }) => type === 'renderer' || type === 'browser')
    .map(({ id, type }) => {
      // 5: the peak begins again with what is resident now.
      writeFileSync(`/proc/${id}/clear_refs`, '5');
      return { id, type, before: residentPeak(id) };
    });
  const grown = (wanted: string) =>
    Math.max(
      ...watched
        .filter(({ type }) => type === wanted)
        .map(({ id, before }) => residentPeak(id) - before),
    );
  return () => ({ renderer: grown('renderer'), browser: grown('browser') });
}

function residentPeak(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no VmHWM`);
  return Number(kilobytes) * 1024;
}
