import { ExhibitError, type Problem } from './errors.ts';
import { parseRetryAfter } from './retry.ts';

const MAX_SHOWN_CHARACTERS = 200;
/** A tag that never ends is looked for to the end of the text from each `<` on: so not in all of a long one. */
const MAX_READ_CHARACTERS = 10_000;

/** Reads an answer that is not 2xx. What is no problem document (a proxy's page) becomes UNEXPECTED_ANSWER. */
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
  const said = start === '' ? '' : ` It said: ${start}`;
  return (
    `Something that is not Exhibit answered ${status} ${statusText}.`.replace(' .', '.') + said
  );
}
