import { ExhibitError, type Problem } from './errors.ts';
import { parseRetryAfter } from './retry.ts';

const MAX_SHOWN_CHARACTERS = 200;
/** Limits the time of the tag pattern below, which is quadratic for a text with many unclosed `<`. */
const MAX_READ_CHARACTERS = 10_000;

/** Converts a non-2xx response to an error. A body that is not a problem document becomes UNEXPECTED_ANSWER. */
export async function errorFromResponse(response: Response): Promise<ExhibitError> {
  const text = await response.text();
  const problem = readProblem(response, text);
  const { status, headers } = response;
  return new ExhibitError({
    status,
    code: problem?.code ?? 'UNEXPECTED_ANSWER',
    detail: problem?.detail ?? foreignDetail(response, text),
    requestId: problem?.requestId ?? headers.get('x-request-id') ?? undefined,
    errors: problem?.errors,
    problem,
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
  });
}

function readProblem(response: Response, text: string): Problem | undefined {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  if (!('code' in value) || !('detail' in value)) return false;
  return typeof value.code === 'string' && typeof value.detail === 'string';
}

function foreignDetail({ status, statusText }: Response, text: string): string {
  const start = text
    .slice(0, MAX_READ_CHARACTERS)
    .replaceAll(/<[^>]*>|\s+/g, ' ')
    .trim()
    .slice(0, MAX_SHOWN_CHARACTERS);
  const statusLine = `${status} ${statusText}`.trimEnd();
  const quote = start === '' ? '' : ` The response starts with: ${start}`;
  return `Unexpected response ${statusLine}, not from Exhibit.${quote}`;
}
