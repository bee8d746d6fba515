import * as z from 'zod/mini';
import {
  type ParameterReaders,
  type ReadParameters,
  readParameters,
} from '../../ignored-parameters.ts';

/** What the page shows as it stands in the URL; what is malformed is ignored, and the page says so. At most one dialog is open. */
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

const READERS: ParameterReaders = {
  q: {
    schema: z.string().check(z.minLength(1), z.maxLength(200)),
    expects: 'a text of 1 to 200 characters',
    limits: true,
  },
  run: { schema: z.uuid(), expects: 'the id of a template', limits: false },
  edit: { schema: z.uuid(), expects: 'the id of a template', limits: false },
  from: {
    schema: z
      .string()
      .check(z.maxLength(8000), z.regex(/^(?:nothing|(?:job|view):[0-9a-f-]{36}|explorer:.*)$/i)),
    expects:
      'nothing, job: or view: and an id, or explorer: and an address, at most 8,000 characters',
    limits: false,
  },
};

export function readTemplatesSearch(search: Record<string, unknown>): TemplatesSearch {
  return checkTemplatesSearch(search).read;
}

/** The same, with the parameters that were not understood. */
export function checkTemplatesSearch(search: Record<string, unknown>): ReadParameters {
  return readParameters(READERS, search, { search: 'q' });
}
