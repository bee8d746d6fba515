import * as z from 'zod/mini';
import { parseJsonExactly } from '../../../../../contract/json/parse-json-exactly.ts';
import type { MetadataCondition } from '../../../api/event-query.ts';

/** A condition as typed. */
export interface Condition {
  readonly path: string;
  readonly op: MetadataCondition['op'];
  readonly value: string;
}

export const CONDITION_WORDS = { eq: 'equals', exists: 'exists', contains: 'contains' } as const;

const stored = z.array(
  z.object({
    path: z.string(),
    op: z.enum(['eq', 'exists', 'contains']),
    value: z.optional(z.unknown()),
  }),
);

/** Parses the conditions in the URL's `metadata`. */
export function readConditions(metadata: string | undefined): readonly MetadataCondition[] {
  if (metadata === undefined) return [];
  try {
    return stored.parse(parseJsonExactly(metadata));
  } catch {
    return [];
  }
}

/** Adds a condition to the URL's `metadata`. An existing condition is not added twice. */
export function addCondition(metadata: string | undefined, { path, op, value }: Condition): string {
  const condition = {
    path: path.trim(),
    op,
    ...(op !== 'exists' && { value: typedValue(value.trim(), op) }),
  };
  const texts = [...readConditions(metadata), condition].map((one) => JSON.stringify(one));
  return `[${[...new Set(texts)].join(',')}]`;
}

/** Removes the condition at `index`. @returns undefined if none is left */
export function removeCondition(metadata: string | undefined, index: number): string | undefined {
  const left = readConditions(metadata).filter((_, other) => other !== index);
  return left.length === 0 ? undefined : JSON.stringify(left);
}

/**
 * Interprets `200`, `true` and `null` as JSON, `"200"` as the text 200, and anything else as text. A number that a
 * double cannot represent stays text, which the server compares by value. The value of `contains` is always text.
 */
function typedValue(text: string, op: Condition['op']): unknown {
  if (op === 'contains') return text;
  try {
    const value = parseJsonExactly(text);
    return typeof value === 'object' && value !== null ? text : value;
  } catch {
    return text;
  }
}
