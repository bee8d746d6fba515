import * as z from 'zod/mini';

/** `from`: what a new template begins with, `job:<id>` or `view:<id>`. */
export interface TemplatesSearch {
  readonly from?: string;
}

const from = z.string().check(z.regex(/^(?:job|view):[0-9a-f-]{36}$/i));

export function readTemplatesSearch(search: Record<string, unknown>): TemplatesSearch {
  const read = from.safeParse(search['from']);
  return read.success ? { from: read.data } : {};
}
