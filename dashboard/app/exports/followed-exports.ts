import { useSyncExternalStore } from 'react';

const KEY = 'exhibit.followedExports';
const MOST = 50;

/** Ids of the jobs that this tab began and that had not ended when it last looked. Survives a reload. */
let followed: readonly string[] = stored();
const listeners = new Set<() => void>();

function stored(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function set(ids: readonly string[]): void {
  followed = ids.slice(-MOST);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(followed));
  } catch {
    // Followed until the page is reloaded.
  }
  for (const listener of listeners) listener();
}

/** Watch this job until it ends, wherever the person is in the app. */
export function followExport(jobId: string): void {
  if (!followed.includes(jobId)) set([...followed, jobId]);
}

export function unfollowExport(jobId: string): void {
  if (followed.includes(jobId)) set(followed.filter((id) => id !== jobId));
}

/** Whoever signs in next in this tab is told nothing of somebody else's. */
export function forgetFollowed(): void {
  set([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useFollowedExports(): readonly string[] {
  return useSyncExternalStore(subscribe, () => followed);
}
