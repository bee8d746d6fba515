import * as z from 'zod/mini';
import {
  type ParameterReaders,
  type ReadParameters,
  readParameters,
} from '../../ignored-parameters.ts';

/** The list's filters in the URL. Malformed ones are ignored and listed on the page. */
export interface ExportsSearch {
  readonly status?: readonly string[];
  readonly format?: 'JSONL' | 'CSV';
  /** ID of a user or API key. */
  readonly requestedBy?: string;
  readonly workspace?: string;
  readonly cursor?: string;
}

const STATUS = z.enum(['pending', 'running', 'succeeded', 'failed', 'canceled']);
const READERS: ParameterReaders = {
  status: {
    schema: z.pipe(
      z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
      z.array(STATUS).check(z.minLength(1)),
    ),
    expects: 'pending, running, succeeded, failed or canceled',
    limits: true,
  },
  format: { schema: z.enum(['JSONL', 'CSV']), expects: 'JSONL or CSV', limits: true },
  requestedBy: {
    schema: z.string().check(z.minLength(1), z.maxLength(64)),
    expects: 'the id of a person or API key',
    limits: true,
  },
  workspace: { schema: z.uuid(), expects: 'the id of a workspace', limits: true },
  cursor: {
    schema: z.string().check(z.minLength(1), z.maxLength(1000)),
    expects: 'a cursor of this list',
    limits: false,
  },
};

export function readExportsSearch(search: Record<string, unknown>): ExportsSearch {
  return checkExportsSearch(search).read;
}

/** Reads the parameters and also returns the ignored ones. */
export function checkExportsSearch(search: Record<string, unknown>): ReadParameters {
  return readParameters(READERS, search, { user: 'requestedBy', workspaceId: 'workspace' });
}
