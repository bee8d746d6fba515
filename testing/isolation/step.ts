import type { ErrorCode } from '../../server/src/errors.ts';

export type Outcome = 'yes' | ErrorCode;
export type Json = Record<string, unknown>;

/** One request, and what the model says must come of it. */
export interface Step {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly outcome: Outcome;
  /** Refusals of somebody who got through to the thing: they depend on how far a job is. */
  readonly through?: readonly ErrorCode[];
  /** What an answer that is `yes` must hold. */
  check?(text: string): { readonly got: readonly string[]; readonly want: readonly string[] };
  /** What the world learns from it. */
  learn?(json: Json): void;
}

export const idsOf = (text: string, name: 'id' | 'jobId' = 'id') =>
  (JSON.parse(text) as { data: Json[] }).data.map((one) => String(one[name])).sort();
