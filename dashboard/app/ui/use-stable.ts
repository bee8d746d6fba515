import { useCallback, useLayoutEffect, useRef } from 'react';

/** A function that stays the same for as long as the component lives and does what was given last: rows that get it are not made anew. */
export function useStable<Args extends readonly unknown[]>(
  act: (...args: Args) => void,
): (...args: Args) => void {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
