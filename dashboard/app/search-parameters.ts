/** Search parameters in the URL are plain text; a list repeats its name (`category=auth&category=billing`). */
export type SearchText = Readonly<Record<string, string | readonly string[]>>;

export function parseSearch(text: string): SearchText {
  const search = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search.get(name);
    if (before === undefined) search.set(name, value);
    else search.set(name, Array.isArray(before) ? [...before, value] : [before, value]);
  }
  // Not by assignment, because a parameter may be named __proto__.
  return Object.fromEntries(search);
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item === 'string' || typeof item === 'number')
        parameters.append(name, String(item));
      else if (item === true) parameters.append(name, '1');
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
