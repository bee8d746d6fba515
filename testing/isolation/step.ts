import type { ErrorCode } from '../../server/src/errors.ts';

export type Outcome = 'yes' | ErrorCode;
export type Json = Record<string, unknown>;

/** One request and the result that the model expects. */
export interface Step {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly outcome: Outcome;
  /** Rejections for callers with access to the item. They depend on the state of the job. */
  readonly through?: readonly ErrorCode[];
  /** The expected content of a successful response. */
  check?(text: string): { readonly got: readonly string[]; readonly want: readonly string[] };
  /** Updates the world from the response. */
  learn?(json: Json): void;
}

export const idsOf = (text: string, name: 'id' | 'jobId' = 'id') =>
  (JSON.parse(text) as { data: Json[] }).data.map((one) => String(one[name])).sort();
