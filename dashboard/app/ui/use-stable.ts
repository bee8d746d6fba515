import { useCallback, useLayoutEffect, useRef } from 'react';

/** Stable function identity that always calls the latest callback, so that memoised rows don't re-render. */
export function useStable<Args extends readonly unknown[]>(
  act: (...args: Args) => void,
): (...args: Args) => void {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
