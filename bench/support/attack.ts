import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'node:http';

// The hostile company of `npm run bench -- neighbour`, a program of its own so that its work does not slow the client
// that measures: `node bench/support/attack.ts API_URL KEY ATTACK`. It attacks until it is killed.

const [url = '', key = '', name = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const answers: Record<number, number> = {};

function send(method: 'GET' | 'POST', path: string, body?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, {
      method,
      agent,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { 'content-type': 'application/json', 'content-length': body.length }),
      },
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      answers[status] = (answers[status] ?? 0) + 1;
      answer.resume();
      answer.on('end', resolve);
      answer.on('error', reject);
    });
    sent.end(body);
  });
}

let searches = 0;
/** Every event of thirty days, and none matches; a different text each time. */
const slowSearch = () => {
  searches += 1;
  const condition = [{ path: 'note', op: 'contains', value: `no event has this ${searches}` }];
  const query = new URLSearchParams({ metadata: JSON.stringify(condition) });
  return send('GET', `/v1/events?${query.toString()}`);
};

const MIB = 1024 * 1024;
const event = (metadata: string) => `{"category":"a","action":"b","metadata":{"a":[${metadata}]}}`;
const batch = (one: string) =>
  Buffer.from(
    `{"events":[${Array<string>(Math.floor((60 * MIB) / one.length))
      .fill(one)
      .join()}]}`,
  );
const blanks = batch(event(Array<string>(15_000).fill(' 1 ').join()));
const smallValues = batch(event(Array<string>(30_000).fill('1').join()));

const ATTACKS: Readonly<Record<string, { loops: number; once: () => Promise<void> }>> = {
  searches: { loops: 32, once: slowSearch },
  blanks: { loops: 4, once: () => send('POST', '/v1/events', blanks) },
  'small-values': { loops: 4, once: () => send('POST', '/v1/events', smallValues) },
  'large-pages': { loops: 32, once: () => send('GET', '/v1/events?limit=200') },
};

const attack = ATTACKS[name];
if (attack === undefined) throw new Error(`there is no attack "${name}"`);
process.on('SIGTERM', () => {
  process.stdout.write(`  attack ${name}: ${JSON.stringify(answers)}\n`);
  process.exit(0);
});
process.send?.({ ready: name });
await Promise.all(
  Array.from({ length: attack.loops }, async () => {
    // A refused connection must not end the attack.
    for (;;) await attack.once().catch(() => wait(10));
  }),
);
