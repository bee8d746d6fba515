import { z } from 'zod';
import { keysOf } from '../../../contract/keys-of.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(keysOf(ERROR_CATALOGUE)).describe('Stable error code, for programs.'),
    detail: z.string().describe('Explanation of the error and how to fix it, for people.'),
    requestId: z.string().describe('Give this id to your operator when you report the error.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('The fields that are not valid.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

/** Errors that every authenticated route can answer with. */
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

/** Builds a route's schema for the OpenAPI document, including its possible problems. */
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
      .describe('Send it as `cursor` to get the next page; null on the last page.'),
  });
}

export const pagingParameters = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .optional()
    .describe('Maximum entries per page, 1–200. Default: 50.'),
  cursor: z
    .string()
    .optional()
    .describe('`nextCursor` of the previous page. All other parameters must be the same.'),
};
