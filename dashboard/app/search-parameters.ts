/** How search parameters stand in the URL: plain text, a list repeats its name (`category=auth&category=billing`). */
export type SearchText = Readonly<Record<string, string | readonly string[]>>;

export function parseSearch(text: string): SearchText {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    if (before === undefined) search[name] = value;
    else search[name] = Array.isArray(before) ? [...before, value] : [before, value];
  }
  return search;
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
