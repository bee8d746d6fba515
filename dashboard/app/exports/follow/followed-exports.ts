import { useSyncExternalStore } from 'react';

const KEY = 'exhibit.followedExports';
const MAX = 50;

/** Ids of the jobs that this tab began and that had not ended when it last looked. Survives a reload. */
let followed: readonly string[] = stored();
const listeners = new Set<() => void>();
/** Those that this tab only found running: nobody in it began or canceled them. */
const found = new Set<string>();

function stored(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function set(ids: readonly string[]): void {
  followed = ids.slice(-MAX);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(followed));
  } catch {
    // Followed until the page is reloaded.
  }
  for (const listener of listeners) listener();
}

/** Watch this job until it ends, wherever the person is in the app. */
export function followExport(jobId: string): void {
  found.delete(jobId);
  if (!followed.includes(jobId)) set([...followed, jobId]);
}

/** The same for one that was begun elsewhere: that it was canceled is for whoever canceled it. */
export function followFound(jobId: string): void {
  if (followed.includes(jobId)) return;
  found.add(jobId);
  set([...followed, jobId]);
}

/** Whether this job was begun or canceled in this tab. */
export function isOfThisTab(jobId: string): boolean {
  return !found.has(jobId);
}

export function unfollowExport(jobId: string): void {
  found.delete(jobId);
  if (followed.includes(jobId)) set(followed.filter((id) => id !== jobId));
}

/** Whoever signs in next in this tab is told nothing of somebody else's. */
export function forgetFollowed(): void {
  found.clear();
  set([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useFollowedExports(): readonly string[] {
  return useSyncExternalStore(subscribe, () => followed);
}
