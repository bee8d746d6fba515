import { useSyncExternalStore } from 'react';

const KEY = 'exhibit.followedExports';
const MAX = 50;

/** IDs of the jobs started in this tab that were unfinished when last polled. Survives a reload. */
let followed: readonly string[] = stored();
const listeners = new Set<() => void>();
/** Jobs that this tab follows but did not start or cancel. */
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
    // Without session storage, jobs are followed until the page is reloaded.
  }
  for (const listener of listeners) listener();
}

/** Follows a job until it ends, on any page of the app. */
export function followExport(jobId: string): void {
  found.delete(jobId);
  if (!followed.includes(jobId)) set([...followed, jobId]);
}

/** Follows a job that was started elsewhere. Its cancellation is not reported here. */
export function followFound(jobId: string): void {
  if (followed.includes(jobId)) return;
  found.add(jobId);
  set([...followed, jobId]);
}

/** Whether this job was started or canceled in this tab. */
export function isOfThisTab(jobId: string): boolean {
  return !found.has(jobId);
}

export function unfollowExport(jobId: string): void {
  found.delete(jobId);
  if (followed.includes(jobId)) set(followed.filter((id) => id !== jobId));
}

/** Clears all followed jobs, so that the next user of this tab gets no toasts about them. */
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
