/** `next`: the page to open after the sign-in; only one of ours. */
export function readSignInSearch(search: Record<string, unknown>): { next?: string } {
  const { next } = search;
  const ours = typeof next === 'string' && /^\/(?![/\\])/.test(next);
  return ours ? { next } : {};
}
