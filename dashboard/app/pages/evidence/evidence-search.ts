import * as z from 'zod/mini';
import {
  type ParameterReaders,
  type ReadParameters,
  readParameters,
} from '../../ignored-parameters.ts';
import { endTime, startTime } from '../../time/address-time.ts';
import { EVIDENCE_WORDS } from './evidence-words.ts';

/** The evidence page's filters in the URL. Malformed ones are ignored and listed on the page. */
export interface EvidenceSearch {
  readonly user?: string;
  readonly type?: readonly string[];
  readonly jobId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: string;
  /** ID of the row whose details are open. */
  readonly row?: string;
}

const KINDS = Object.keys(EVIDENCE_WORDS);

const EXPECTS_TIME =
  'a date such as 2026-07-01 (UTC) or a time such as 2026-07-01T12:00:00Z, with + written as %2B';

const READERS: ParameterReaders = {
  user: {
    schema: z.string().check(z.trim(), z.minLength(1), z.maxLength(254)),
    expects: 'the email of a person or the id of an API key',
    limits: true,
  },
  type: {
    schema: z.pipe(
      z.transform((value: unknown) => (typeof value === 'string' ? [value] : value)),
      z.array(z.enum(KINDS)).check(z.minLength(1)),
    ),
    expects: 'a kind of evidence such as EXPORT_REQUESTED',
    limits: true,
  },
  jobId: { schema: z.uuid(), expects: 'the id of an export', limits: true },
  from: { schema: startTime, expects: EXPECTS_TIME, limits: true },
  to: { schema: endTime, expects: EXPECTS_TIME, limits: true },
  cursor: {
    schema: z.string().check(z.minLength(1), z.maxLength(1000)),
    expects: 'a cursor of this list',
    limits: false,
  },
  row: {
    schema: z.string().check(z.minLength(1), z.maxLength(64)),
    expects: 'the id of a row',
    limits: false,
  },
};

export function readEvidenceSearch(search: Record<string, unknown>): EvidenceSearch {
  return checkEvidenceSearch(search).read;
}

/** Reads the parameters and also returns the ignored ones. */
export function checkEvidenceSearch(search: Record<string, unknown>): ReadParameters {
  return readParameters(READERS, search, {
    actor: 'user',
    who: 'user',
    what: 'type',
    export: 'jobId',
    job: 'jobId',
  });
}
