/** Status and headers of a response. */
export interface ResponseHead {
  readonly statusCode: number;
  /** Names in lower case; of a repeated header, the first value. */
  readonly headers: Readonly<Record<string, string>>;
}

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** The headers that say where the body ends. */
const FRAMING = new Map<string, RegExp>(
  Object.entries({
    'content-length': /^\d{1,15}$/,
    'transfer-encoding': /^chunked$/,
  }),
);
/** Control characters except the tab. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * Parses the head of an HTTP/1.1 response, without the empty line at its end. Accepts only a head that has one meaning for
 * every parser: a fuzz test compares it with Node's.
 * @throws Error
 */
export function parseHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split('\r\n');
  const statusCode = CONTROL.test(first)
    ? Number.NaN
    : Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(first)?.[1]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an empty object without a prototype
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    const value = trimBlanks(line.slice(colon + 1));
    if (!NAME.test(name) || CONTROL.test(value) || isBadFraming(name, value, headers))
      throw new Error('the api sent headers that are not valid');
    headers[name] ??= value;
  }
  if (!(statusCode >= 200) || ('transfer-encoding' in headers && 'content-length' in headers))
    throw new Error('the api sent a response that cannot be streamed');
  return { statusCode, headers: { ...headers } };
}

/** A repeated Content-Length or Transfer-Encoding, even with equal values, or a value that is not a number or `chunked`. */
function isBadFraming(
  name: string,
  value: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  const format = FRAMING.get(name);
  return format !== undefined && (name in headers || !format.test(value));
}

/** Removes spaces and tabs at both ends; trim() would also remove others, such as U+00A0. */
function trimBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === ' ' || text[at] === '\t';
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}
