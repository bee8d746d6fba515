/** A place in metadata: names of members, and positions in arrays as their digits. */
export interface MetadataPath {
  readonly segments: readonly string[];
  /**
   * True if the path starts with an unquoted `metadata.`. It then denotes both the place in the metadata itself and
   * the place in a member named metadata, because the path does not show which one is meant.
   */
  readonly maybeInMember: boolean;
}

const MAX_PATH_DEPTH = 10;

/** An invalid path; positions in the message count characters from 1. */
export class MetadataPathError extends Error {
  override readonly name = 'MetadataPathError';
}

/**
 * Reads a path: names joined by dots, positions in brackets, names that contain dots or brackets in quotes.
 *
 *     request.headers.host    items[0].id    "key.with.dots".b    ['a.b']    $.a
 *
 * Digits are a position in an array and a name in an object: `a.0` and `a[0]` mean the same.
 * @throws MetadataPathError with the problem and its position
 */
export function parseMetadataPath(text: string): MetadataPath {
  const { segments, quoted } = readSegments(text);
  const [first] = segments;
  const isPrefix = segments.length > 1 && quoted[0] === false;
  if (isPrefix && first === '$') return checked(segments.slice(1), false);
  if (isPrefix && first === 'metadata') return checked(segments.slice(1), true);
  return checked(segments, false);
}

/** Canonical spelling of a path: parseMetadataPath reads it as the same path. */
export function formatMetadataPath({ segments, maybeInMember }: MetadataPath): string {
  const parts = segments.map((segment, index) => {
    if (isPosition(segment) && (index > 0 || maybeInMember)) return `[${segment}]`;
    const isPrefix =
      index === 0 && !maybeInMember && segments.length > 1 && /^(?:\$|metadata)$/.test(segment);
    return !isPrefix && isPlain(segment) ? segment : JSON.stringify(segment);
  });
  const all = maybeInMember ? ['metadata', ...parts] : parts;
  return all
    .map((part, index) => (index === 0 || part.startsWith('[') ? part : `.${part}`))
    .join('');
}

function checked(segments: readonly string[], maybeInMember: boolean): MetadataPath {
  if (segments.length > MAX_PATH_DEPTH)
    throw new MetadataPathError(`must be at most ${MAX_PATH_DEPTH} fields deep`);
  // An escape in a quoted name can produce characters that no event contains and PostgreSQL rejects.
  if (segments.some((segment) => segment.includes('\0') || !segment.isWellFormed()))
    throw new MetadataPathError('must not name U+0000 or half of a surrogate pair');
  return { segments, maybeInMember };
}

function isPosition(segment: string): boolean {
  return /^(?:0|[1-9]\d{0,8})$/.test(segment);
}

function isPlain(segment: string): boolean {
  return segment !== '' && !/[.[\]]/.test(segment) && !/^["']/.test(segment);
}

interface Read {
  readonly segments: string[];
  /** Whether each was in quotes or brackets. */
  readonly quoted: boolean[];
}

function readSegments(text: string): Read {
  const read: Read = { segments: [], quoted: [] };
  let at = 0;
  while (at < text.length || read.segments.length === 0) {
    const next =
      text[at] === '[' ? readBracket(text, at) : readName(text, at, read.segments.length > 0);
    read.segments.push(next.segment);
    read.quoted.push(next.quoted);
    at = next.end;
  }
  return read;
}

interface Segment {
  readonly segment: string;
  readonly quoted: boolean;
  /** Offset at which the next segment starts. */
  readonly end: number;
}

/** `.name` or `."name"`; the first one has no dot. */
function readName(text: string, at: number, needsDot: boolean): Segment {
  if (needsDot && text[at] !== '.') throw faultAt(at, 'must have a dot or a bracket here');
  const start = needsDot ? at + 1 : at;
  if (text[start] === '"' || text[start] === "'")
    return { ...readQuoted(text, start), quoted: true };
  const segment = /^[^.[\]]*/.exec(text.slice(start))?.[0] ?? '';
  const end = start + segment.length;
  if (text[end] === ']')
    throw faultAt(end, 'has a ] without a [; put a name that holds brackets in quotes');
  if (segment === '')
    throw faultAt(
      start,
      'must have a name here; names are joined by single dots, an empty one is ""',
    );
  return { segment, quoted: false, end };
}

/** `[0]`, `["name"]` or `['name']`. */
function readBracket(text: string, at: number): Segment {
  const inside = at + 1;
  if (text[inside] === '"' || text[inside] === "'") {
    const { segment, end } = readQuoted(text, inside);
    if (text[end] !== ']') throw faultAt(end, 'must have a ] here');
    return { segment, quoted: true, end: end + 1 };
  }
  const digits = /^\d+/.exec(text.slice(inside))?.[0] ?? '';
  const end = inside + digits.length;
  if (!isPosition(digits) || text[end] !== ']')
    throw faultAt(
      at,
      'must have a position such as [0], or a quoted name, in brackets; put a name that holds brackets in quotes',
    );
  return { segment: digits, quoted: true, end: end + 1 };
}

/** A name in double or single quotes; a backslash precedes a quote or a backslash, or starts a JSON escape. */
function readQuoted(text: string, start: number): { segment: string; end: number } {
  const quote = text[start];
  let end = start + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  if (text[end] !== quote) throw faultAt(start, 'has a quote here that is not closed');
  const json = text.slice(start + 1, end).replaceAll(/\\.|"/gsu, (one) => {
    if (one === '"') return '\\"';
    return one === "\\'" ? "'" : one;
  });
  try {
    return { segment: String(JSON.parse(`"${json}"`)), end: end + 1 };
  } catch {
    throw faultAt(start, 'has a quoted name here that is not written as in JSON');
  }
}

function faultAt(index: number, message: string): MetadataPathError {
  return new MetadataPathError(`${message} (character ${index + 1})`);
}
