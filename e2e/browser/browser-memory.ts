import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';

/** Peak memory growth in bytes of a browser's processes since the watch started. */
export interface MemoryGrowth {
  /** The tab process that grew most. */
  readonly renderer: number;
  /** The browser process, which holds the pages' blobs. */
  readonly browser: number;
}

/**
 * Measures the peak resident memory of a browser's processes from /proc, so that no peak between two samples is
 * missed.
 */
export async function watchMemory(browser: Browser): Promise<() => MemoryGrowth> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const watched = processInfo
    .filter(({ type }) => type === 'renderer' || type === 'browser')
    .map(({ id, type }) => {
      // Writing 5 resets the peak to the current resident size.
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
