/**
 * `next`: the page to open after the sign-in; only one of ours. Browsers leave out tabs and line ends before they
 * read an address: `/`, a tab and `/elsewhere` is another host.
 */
export function readSignInSearch(search: Record<string, unknown>): { next?: string } {
  const { next } = search;
  const ours = typeof next === 'string' && /^\/(?![/\\])[^\p{Cc}]*$/u.test(next);
  return ours ? { next } : {};
}
