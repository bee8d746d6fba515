import { z } from 'zod';
import {
  MAX_FILTER_VALUE_LENGTH,
  MAX_FILTER_VALUES,
  MAX_METADATA_CONDITIONS,
} from '../../../../contract/filter-limits.ts';
import { compareCodePoints } from '../json/compare-code-points.ts';
import type { MetadataCondition } from '../../../../contract/event-query.ts';
import { canonicalIp, IpRangeError } from './ip-range.ts';
import {
  formatMetadataPath,
  MetadataPathError,
  parseMetadataPath,
} from '../../../../contract/metadata-path.ts';
import { strictFields } from '../json/strict-fields.ts';
import type { IssueParams } from './validation-problem.ts';

/** One filter value: trimmed, 1–256 code points. The limits in `meta` apply to the trimmed value. */
export const filterValue = z
  .string()
  .transform((text, context) => {
    const value = text.trim();
    const problem = value === '' ? 'must not be empty' : textProblem(value);
    if (problem !== undefined) return refuse(context, problem);
    return value;
  })
  .meta({ minLength: 1, maxLength: MAX_FILTER_VALUE_LENGTH });

/** An IP address or CIDR range in its canonical spelling; other text is unchanged. */
export const ipValue = filterValue.transform((text, context) => {
  try {
    return canonicalIp(text);
  } catch (error) {
    if (error instanceof IpRangeError) return refuse(context, error.message);
    throw error;
  }
});

export const filterList = listOf(filterValue);
export const ipList = listOf(ipValue);

/** A list of filter values: deduplicated, in code point order, at most 100 different ones. */
function listOf(value: z.ZodType<string, string>) {
  return z
    .array(value)
    .transform((values, context) => {
      if (values.length === 0) return refuseEmptyList(context);
      const canonical = [...new Set(values)].sort(compareCodePoints);
      if (canonical.length > MAX_FILTER_VALUES) {
        return refuse(context, `must have at most ${MAX_FILTER_VALUES} different values`);
      }
      return canonical;
    })
    .meta({ minItems: 1, maxItems: MAX_FILTER_VALUES });
}

const metadataPath = z
  .string()
  .transform((path, context) => {
    const problem = textProblem(path);
    if (problem !== undefined) return refuse(context, problem);
    try {
      const canonical = formatMetadataPath(parseMetadataPath(path));
      // Quotes instead of brackets can make the canonical spelling longer than the text as written.
      return textProblem(canonical) === undefined ? canonical : path;
    } catch (error) {
      if (error instanceof MetadataPathError) return refuse(context, error.message);
      throw error;
    }
  })
  .meta({ minLength: 1, maxLength: MAX_FILTER_VALUE_LENGTH });

// Neither path nor value is trimmed: metadata is stored as sent, spaces included.
const metadataValue = z
  .union([z.string(), z.number(), z.boolean(), z.null()], {
    error: 'must be a string, a number, a boolean or null',
  })
  .transform((value, context) => {
    const problem = typeof value === 'string' ? textProblem(value) : undefined;
    if (problem !== undefined) return refuse(context, problem);
    // Programs that read the document would round the number; as text it stays exact and has the same meaning.
    if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER)
      return String(value);
    return value === 0 ? 0 : value;
  });

const metadataCondition = strictFields({
  path: metadataPath.describe(
    'Names joined by dots, at most 10 deep: `request.host`, `items[0].id`, `"name.with.dots".id`.',
  ),
  op: z.enum(['eq', 'exists', 'contains']).describe('How the field is compared.'),
  value: metadataValue
    .optional()
    .describe(
      'Compared (`eq`) or searched for ignoring case (`contains`); not given for `exists`. Numbers compare by value: `12.5` finds 12.50 and `"9007199254740993"` finds that number.',
    ),
}).transform(({ path, op, value }, context): MetadataCondition => {
  const refuseValue = (message: string): never => refuse(context, message, ['value']);
  if (op === 'exists') {
    return value === undefined ? { path, op } : refuseValue('must not be given for exists');
  }
  if (value === undefined) return refuseValue(`is required for ${op}`);
  if (op === 'contains' && (value === '' || value === null))
    return refuseValue('must not be empty for contains');
  return { path, op, value };
});

/** Conditions that must all hold; the canonical form sorts them and removes duplicates. */
export const metadataConditions = z
  .array(metadataCondition)
  .transform((conditions, context) => {
    if (conditions.length === 0) return refuseEmptyList(context);
    const byText = new Map(conditions.map((condition) => [JSON.stringify(condition), condition]));
    if (byText.size > MAX_METADATA_CONDITIONS) {
      return refuse(context, `must have at most ${MAX_METADATA_CONDITIONS} different conditions`);
    }
    return [...byText].sort(([a], [b]) => compareCodePoints(a, b)).map(([, value]) => value);
  })
  .meta({ minItems: 1, maxItems: MAX_METADATA_CONDITIONS });

/**
 * Error for a text that no query may contain: PostgreSQL cannot store U+0000, and UTF-8 cannot encode lone
 * surrogates.
 */
function textProblem(text: string): string | undefined {
  if (text.includes('\u0000')) return 'must not contain the character U+0000';
  if (!text.isWellFormed()) return 'must not contain half of a surrogate pair';
  // A text has at most as many code points as UTF-16 units, so most values need no counting.
  if (text.length <= MAX_FILTER_VALUE_LENGTH || Array.from(text).length <= MAX_FILTER_VALUE_LENGTH)
    return undefined;
  return `must have at most ${MAX_FILTER_VALUE_LENGTH} characters`;
}

function refuseEmptyList(context: z.RefinementCtx): never {
  const params = { code: 'EMPTY_FILTER' } satisfies IssueParams;
  const message = 'must not be empty; leave the field out to not filter by it';
  context.addIssue({ code: 'custom', message, params });
  return z.NEVER;
}

function refuse(context: z.RefinementCtx, message: string, path: PropertyKey[] = []): never {
  context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
}
