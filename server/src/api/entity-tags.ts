/** The header value that matches any existing version. */
export const ANY_VERSION = '*';

interface EntityTag {
  /** Including its quotes: `"3"`. */
  readonly opaque: string;
  readonly weak: boolean;
}

/**
 * Parses the value of If-Match or If-None-Match (RFC 9110, section 8.8.3): a comma-separated list of entity tags.
 * A tag may contain commas, so the list cannot be split at commas.
 * @returns undefined if the value is not such a list
 */
export function parseEntityTags(header: string): readonly EntityTag[] | undefined {
  const tags: EntityTag[] = [];
  const element = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y;
  while (element.lastIndex < header.length) {
    const found = element.exec(header);
    if (found === null) return undefined;
    // An empty element is allowed: `"a", , "b"`.
    if (found[2] !== undefined) tags.push({ opaque: found[2], weak: found[1] !== undefined });
  }
  return tags.length === 0 ? undefined : tags;
}

/** If-Match: strong comparison, so a weak tag never matches. A malformed value matches nothing. */
export function matchesStrongly(header: string, current: string): boolean {
  if (header.trim() === ANY_VERSION) return true;
  const tags = parseEntityTags(header) ?? [];
  return tags.some(({ opaque, weak }) => !weak && opaque === current);
}

/** If-None-Match: weak comparison. A malformed value matches nothing. */
export function matchesWeakly(header: string, current: string): boolean {
  if (header.trim() === ANY_VERSION) return true;
  return (parseEntityTags(header) ?? []).some(({ opaque }) => opaque === current);
}
