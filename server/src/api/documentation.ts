import { z } from 'zod';
import { keysOf } from '../../../contract/keys-of.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(keysOf(ERROR_CATALOGUE)).describe('What went wrong, for programs.'),
    detail: z.string().describe('What went wrong and what to do, for people.'),
    requestId: z.string().describe('Name this to an operator.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Each field that is wrong.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

/** Answers every authenticated route can give. */
const COMMON: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'INTERNAL',
  'REGION_UNAVAILABLE',
];

/** A response that is not JSON, by content type. */
interface FileResponse {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

interface RouteDocumentation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
  readonly responses: Readonly<Record<number, z.ZodType | FileResponse>>;
  readonly problems: readonly ErrorCode[];
}

/** A route's schema for the OpenAPI document, its possible problems included. */
export function documentation({ responses, problems, tags, ...route }: RouteDocumentation) {
  const withBody: readonly ErrorCode[] = route.body === undefined ? [] : ['SERVER_BUSY'];
  const byStatus = Map.groupBy(
    [...problems, ...withBody, ...COMMON],
    (code) => ERROR_CATALOGUE[code].status,
  );
  const response: Record<number, unknown> = { ...responses };
  for (const [status, codes] of byStatus) {
    const content = { 'application/problem+json': { schema: problem } };
    response[status] = { description: codes.join(', '), content };
  }
  return {
    ...route,
    tags: [...tags],
    security: [{ apiKey: [] }],
    response,
  };
}

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .describe('Send it as `cursor` for the next page; null on the last.'),
  });
}

export const pagingParameters = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .optional()
    .describe('Entries on a page, 1–200; 50 when not given.'),
  cursor: z
    .string()
    .optional()
    .describe('`nextCursor` of the page before, with the same other parameters.'),
};
