/**
 * `next` is the page to open after the sign-in. Only paths of this app are accepted. Browsers strip tabs and line
 * ends from an address before parsing it, so `/`, a tab and `/elsewhere` would be another host.
 */
export function readSignInSearch(search: Record<string, unknown>): { next?: string } {
  const { next } = search;
  const ours = typeof next === 'string' && /^\/(?![/\\])[^\p{Cc}]*$/u.test(next);
  return ours ? { next } : {};
}
