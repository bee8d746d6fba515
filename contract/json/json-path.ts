const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const MAX_PATH_CHARACTERS = 200;

/** `metadata.a[3].b`; keys that would be ambiguous are quoted, `metadata["a.b"]`; '' for the whole document. */
export function formatPath(segments: readonly (string | number)[]): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (!PLAIN_KEY.test(shorten(segment))) path += `[${JSON.stringify(shorten(segment))}]`;
    else path += path === '' ? shorten(segment) : `.${shorten(segment)}`;
  }
  return shorten(path);
}

/** Keys come from the sender: an error must not return 256 KiB of them. */
function shorten(text: string): string {
  if (text.length <= MAX_PATH_CHARACTERS) return text;
  return `${text.slice(0, MAX_PATH_CHARACTERS - 1).toWellFormed()}…`;
}
