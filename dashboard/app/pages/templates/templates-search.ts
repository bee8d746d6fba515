import * as z from 'zod/mini';
import {
  type ParameterReaders,
  type ReadParameters,
  readParameters,
} from '../../ignored-parameters.ts';

/** The page's state in the URL. Malformed parameters are ignored and listed on the page. At most one dialog is open. */
export interface TemplatesSearch {
  /** The search text. */
  readonly q?: string;
  /** ID of the template whose run dialog is open. */
  readonly run?: string;
  /** ID of the template that is being edited. */
  readonly edit?: string;
  /** The source of a new template: `nothing`, `job:<id>`, `view:<id>`, or `explorer:` and an explorer address. */
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

/** Reads the parameters and also returns the ignored ones. */
export function checkTemplatesSearch(search: Record<string, unknown>): ReadParameters {
  return readParameters(READERS, search, { search: 'q' });
}
