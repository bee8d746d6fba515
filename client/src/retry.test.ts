import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Client, createClient, ExhibitError, ExhibitNetworkError } from './client.ts';
import { parseRetryAfter } from './retry.ts';

const EVENT = { category: 'auth', action: 'login' };

/** A client whose server returns these responses in turn and then repeats the last one; counts the requests. */
function clientOf(...answers: readonly (() => Response)[]): { client: Client; sent: Request[] } {
  const sent: Request[] = [];
  const client = createClient({
    baseUrl: 'http://exhibit.test',
    apiKey: 'exh_us_secret',
    fetch: async (input, init) => {
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      sent.push(new Request(input, init));
      if (answer === undefined) throw new Error('no answer');
      return answer();
    },
  });
  return { client, sent };
}

function problem(status: number, headers: Record<string, string> = {}): () => Response {
  const body = { code: 'REGION_UNAVAILABLE', detail: 'not now', requestId: 'r', status };
  return () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    });
}

const ok = () => Response.json({ id: '1', results: [], data: [], nextCursor: null });
const lost = (): Response => {
  throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('retries', () => {
  test.each([
    ['seconds', () => '7'],
    ['a date', () => new Date(Date.now() + 7_000).toUTCString()],
  ])('waits for a Retry-After in %s before the second attempt', async (_name, header) => {
    vi.setSystemTime(new Date('2026-05-14T12:00:00.000Z'));
    const { client, sent } = clientOf(problem(503, { 'retry-after': header() }), ok);
    const answer = client.keys.status();
    await vi.advanceTimersByTimeAsync(6_990);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20);
    await answer;
    expect(sent).toHaveLength(2);
  });

  test.each([429, 502, 503, 504])(
    'a %i response is tried five times and then thrown',
    async (status) => {
      const { client, sent } = clientOf(problem(status));
      const failed = expect(client.keys.status()).rejects.toMatchObject({
        status,
        code: 'REGION_UNAVAILABLE',
      });
      await vi.runAllTimersAsync();
      await failed;
      expect(sent).toHaveLength(5);
    },
  );

  test('does not wait for a Retry-After of more than a minute', async () => {
    const { client, sent } = clientOf(problem(429, { 'retry-after': '3600' }), ok);
    await expect(client.keys.status()).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    expect(sent).toHaveLength(1);
  });

  test('does not retry a rejected request', async () => {
    const { client, sent } = clientOf(problem(403), ok);
    await expect(client.keys.status()).rejects.toBeInstanceOf(ExhibitError);
    expect(sent).toHaveLength(1);
  });

  test('retries a lost connection and reports it as a network error', async () => {
    const { client, sent } = clientOf(lost, lost, ok);
    const answer = client.events.page();
    await vi.runAllTimersAsync();
    await answer;
    expect(sent).toHaveLength(3);
    const failing = clientOf(lost);
    const failed = expect(failing.client.events.page()).rejects.toBeInstanceOf(ExhibitNetworkError);
    await vi.runAllTimersAsync();
    await failed;
  });

  test('sends events without an idempotency key only once', async () => {
    const one = clientOf(problem(503), ok);
    await expect(one.client.events.create(EVENT)).rejects.toBeInstanceOf(ExhibitError);
    const batch = clientOf(lost, ok);
    const mixed = [{ ...EVENT, idempotencyKey: 'a' }, EVENT];
    await expect(batch.client.events.createBatch(mixed)).rejects.toBeInstanceOf(
      ExhibitNetworkError,
    );
    expect([one.sent.length, batch.sent.length]).toEqual([1, 1]);
  });

  test('retries a batch in which every event has an idempotency key', async () => {
    const { client, sent } = clientOf(lost, ok);
    const answer = client.events.createBatch([{ ...EVENT, idempotencyKey: 'a' }]);
    await vi.runAllTimersAsync();
    await answer;
    expect(sent).toHaveLength(2);
  });

  test('retries an export with the same Idempotency-Key and uses a new key for each export', async () => {
    const { client, sent } = clientOf(lost, ok);
    const answer = client.exports.create({ format: 'JSONL' });
    await vi.runAllTimersAsync();
    await answer;
    await client.exports.create({ format: 'JSONL' });
    const [first, second, third] = sent.map((request) => request.headers.get('idempotency-key'));
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('aborting ends the wait between attempts with the reason of the signal', async () => {
    const { client } = clientOf(problem(503, { 'retry-after': '30' }), ok);
    const abort = new AbortController();
    const answer = client.keys.status({ signal: abort.signal });
    const failed = expect(answer).rejects.toThrow('enough');
    await vi.advanceTimersByTimeAsync(100);
    abort.abort(new Error('enough'));
    await failed;
  });

  test('reports an error page of a proxy as such', async () => {
    const page = () => new Response('<h1>Bad gateway</h1>', { status: 500, statusText: 'Oops' });
    await expect(clientOf(page).client.keys.status()).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      detail:
        'Unexpected response 500 Oops, not from Exhibit. The response starts with: Bad gateway',
    });
  });
});

test('ignores an invalid Retry-After and treats a past date as now', () => {
  expect(parseRetryAfter('soon', 0)).toBeUndefined();
  expect(parseRetryAfter(null, 0)).toBeUndefined();
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:01 GMT', 5_000)).toBe(0);
});
