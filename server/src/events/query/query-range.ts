import { z } from 'zod';
import { durationMs, PREVIOUS_PERIODS, type QueryRange } from '../../../../contract/time-range.ts';
import { fieldDescriptions, strictFields } from '../json/strict-fields.ts';

const fields = strictFields({
  last: z
    .string()
    .refine((text) => durationMs(text) !== undefined, {
      error: 'must be a positive whole number and m, h, d or w, such as 24h; at most 3650d',
    })
    .optional()
    .describe('The time up to now: a whole number and m, h, d or w, such as `24h`; at most 3650d.'),
  previous: z
    .enum(PREVIOUS_PERIODS)
    .optional()
    .describe('The whole day, week (from Monday) or month before the current one, in UTC.'),
});

export const queryRange = fields.transform((range, context): QueryRange => {
  if (range.last !== undefined && range.previous === undefined) return { last: range.last };
  if (range.previous !== undefined && range.last === undefined) return { previous: range.previous };
  // Zod runs this for unknown fields too; their error already says what is wrong.
  if (context.issues.length > 0) return z.NEVER;
  context.addIssue({ code: 'custom', message: 'must have exactly one of last and previous' });
  return z.NEVER;
});

/** `last` and `previous` with their descriptions. */
export const RANGE_FIELDS = fieldDescriptions(fields);
