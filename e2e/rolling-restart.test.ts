import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkWorld } from './faults/checker/check-world.ts';
import { type FaultWorld, startFaultWorld } from './faults/fault-world.ts';
import { waitUntilAllEnded } from './faults/run-fault.ts';

let world: FaultWorld;
beforeAll(async () => {
  world = await startFaultWorld(8_000);
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

type Ask = readonly [method: string, path: string, body?: unknown];

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What a load balancer does: it keeps connections, asks who is ready, and sends only to those. */
function startBalancer(urls: readonly string[], key: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  let ready = [...urls];
  const checks = setInterval(() => {
    for (const url of urls)
      void isReady(url).then((ok) => {
        ready = urls.filter((other) => (other === url ? ok : ready.includes(other)));
        return ok;
      });
  }, 100);
  let next = 0;
  const sendTo = async (url: string | undefined, [method, path, body]: Ask): Promise<Answer> => {
    const sent = request(`${url}${path}`, {
      method,
      agent,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [reply] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: reply.statusCode ?? 0, body: (await buffer(reply)).toString() };
  };
  return {
    send: (ask: Ask) => sendTo(ready[next++ % ready.length], ask),
    ready: () => ready.length,
    stop: () => {
      clearInterval(checks);
      agent.destroy();
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('a rolling restart of apis and workers under load loses no request and no job', async () => {
  const balancer = startBalancer(world.client.urls, world.client.key);
  const [failed, jobIds]: [string[], string[]] = [[], []];
  let answered = 0;
  const stop = new AbortController();
  const load = Array.from({ length: 8 }, async (_, client) => {
    for (let round = 0; !stop.signal.aborted; round++) {
      const ask: Ask =
        client === 0
          ? ['POST', '/v1/exports', { format: 'JSONL', filters: {} }]
          : ['GET', '/v1/exports?limit=5'];
      try {
        const answer = await balancer.send(ask);
        answered++;
        if (answer.status >= 400) failed.push(`${ask.join(' ')}: ${answer.status} ${answer.body}`);
        else if (client === 0) jobIds.push((JSON.parse(answer.body) as { jobId: string }).jobId);
      } catch (error) {
        failed.push(`${ask.join(' ')}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      if (client === 0) await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });
  try {
    for (const part of [...world.apis, ...world.workers]) {
      const before = answered;
      await expect.poll(balancer.ready, { timeout: 20_000 }).toBe(2);
      await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(before + 50);
      await part.end('SIGTERM');
      await part.start();
    }
  } finally {
    // Whatever happened: a load that nobody ends would keep this process for ever.
    stop.abort();
    await Promise.all(load);
    balancer.stop();
  }
  expect(failed).toEqual([]);
  expect(jobIds.length).toBeGreaterThan(5);
  for (const jobId of jobIds)
    world.evidence.jobs.set(jobId, {
      format: 'JSONL',
      compression: 'none',
      category: undefined,
      byPerson: false,
      cancelsAccepted: 0,
    });
  expect(await waitUntilAllEnded(world, jobIds)).toEqual([]);
  for (const jobId of jobIds)
    expect(await world.client.job(jobId)).toMatchObject({ status: 'succeeded', attempt: 1 });
  await world.sweep([]);
  expect(await checkWorld(world.evidence, jobIds)).toEqual([]);
}, 120_000);
