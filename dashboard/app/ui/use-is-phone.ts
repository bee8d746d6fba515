import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(width < 640px)');

function subscribe(listener: () => void): () => void {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
}

/**
 * Whether the window is as narrow as a phone. Use it only when a phone needs different content; for layout, use CSS.
 */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}
