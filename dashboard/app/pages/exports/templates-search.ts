import * as z from 'zod/mini';

/** What the page shows as it stands in the URL; what is malformed was never there. At most one dialog is open. */
export interface TemplatesSearch {
  /** What is searched for. */
  readonly q?: string;
  /** The template whose run dialog is open. */
  readonly run?: string;
  /** The template that is edited. */
  readonly edit?: string;
  /** A new one begins with nothing, with `job:<id>` or `view:<id>`, or with a filter: `explorer:` and the explorer's address. */
  readonly from?: string;
}

const READERS = {
  q: z.string().check(z.minLength(1), z.maxLength(200)),
  run: z.uuid(),
  edit: z.uuid(),
  from: z
    .string()
    .check(z.maxLength(8000), z.regex(/^(?:nothing|(?:job|view):[0-9a-f-]{36}|explorer:.*)$/i)),
} as const;

export function readTemplatesSearch(search: Record<string, unknown>): TemplatesSearch {
  const read: Record<string, string> = {};
  for (const [name, reader] of Object.entries(READERS)) {
    const parsed = reader.safeParse(search[name]);
    if (parsed.success) read[name] = parsed.data;
  }
  return read;
}
