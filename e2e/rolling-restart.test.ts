import { Agent, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkWorld } from './faults/checker/check-world.ts';
import { type FaultWorld, startFaultWorld } from './faults/fault-world.ts';
import type { ProgramPart } from './faults/program-part.ts';
import { waitUntilAllEnded } from './faults/run-fault.ts';
import { untilSettled } from './faults/wait-until-settled.ts';
import { patient } from '../testing/patience.ts';

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

/** A simple load balancer: it keeps connections, polls /ready and forwards only to servers that are ready. */
function startBalancer(urls: readonly string[], headers: Readonly<Record<string, string>>) {
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
      headers: { ...headers, 'content-type': 'application/json' },
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

/** Clients that send requests continuously, the first one exports, and record rejected or unanswered requests. */
function startLoad(
  balancer: ReturnType<typeof startBalancer>,
  clients: number,
  asks: { readonly exports: Ask; readonly other: Ask },
) {
  const [failed, jobIds]: [string[], string[]] = [[], []];
  let answered = 0;
  const stop = new AbortController();
  const running = Array.from({ length: clients }, async (_, client) => {
    while (!stop.signal.aborted) {
      const ask = client === 0 ? asks.exports : asks.other;
      try {
        const answer = await balancer.send(ask);
        answered++;
        if (answer.status >= 400) failed.push(`${ask.join(' ')}: ${answer.status} ${answer.body}`);
        else if (client === 0) jobIds.push((JSON.parse(answer.body) as { jobId: string }).jobId);
      } catch (error) {
        failed.push(`${ask.join(' ')}: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      // Limit the load, so that starting processes get CPU time on a machine with two cores.
      await new Promise((resolve) => setTimeout(resolve, client === 0 ? 1_500 : 15));
    }
  });
  return {
    failed,
    jobIds,
    answered: () => answered,
    end: async () => {
      stop.abort();
      await Promise.all(running);
      balancer.stop();
    },
  };
}

/** Stops a process and starts it again, once everything is ready and under load. */
async function restart(
  part: ProgramPart,
  ...loads: readonly (readonly [ReturnType<typeof startBalancer>, ReturnType<typeof startLoad>])[]
): Promise<void> {
  for (const [balancer, load] of loads) {
    const before = load.answered();
    await expect.poll(balancer.ready, { timeout: patient(30_000) }).toBe(2);
    await expect.poll(load.answered, { timeout: patient(30_000) }).toBeGreaterThan(before + 15);
  }
  await part.end('SIGTERM');
  await part.start();
}

test(
  'a rolling restart of apis, workers and dashboards under load loses no request and no job',
  async () => {
    const body = { format: 'JSONL', filters: {} };
    const acknowledgedBefore = world.evidence.acknowledgedEvents.size;
    const apis = startBalancer(world.client.urls, { authorization: `Bearer ${world.client.key}` });
    const dashboards = startBalancer(world.person.urls, { cookie: world.person.cookie });
    const atApi = startLoad(apis, 4, {
      exports: ['POST', '/v1/exports', body],
      other: ['GET', '/v1/exports?limit=5'],
    });
    let atDashboard: ReturnType<typeof startLoad> | undefined;
    try {
      for (const part of world.apis) await restart(part, [apis, atApi]);
      // Switch only now, because in this test dashboards reach the apis without a balancer that polls /ready.
      atDashboard = startLoad(dashboards, 3, {
        exports: ['POST', '/api/dashboard/exports', body],
        other: ['GET', '/api/dashboard/exports?limit=5'],
      });
      for (const part of [...world.workers, ...world.dashboards])
        await restart(part, [apis, atApi], [dashboards, atDashboard]);
    } finally {
      // Always stop the load; otherwise it would keep this process running forever.
      await Promise.all([atApi.end(), atDashboard?.end()]);
      dashboards.stop();
    }
    if (atDashboard === undefined) throw new Error('no load at the dashboards');
    const byPerson = new Set(atDashboard.jobIds);
    expect([...atApi.failed, ...atDashboard.failed]).toEqual([]);
    expect(Math.min(atApi.jobIds.length, atDashboard.jobIds.length)).toBeGreaterThan(4);
    const jobIds = [...atApi.jobIds, ...atDashboard.jobIds];
    for (const jobId of jobIds)
      world.evidence.jobs.set(jobId, {
        format: 'JSONL',
        compression: 'none',
        category: undefined,
        byPerson: byPerson.has(jobId),
        acknowledgedBefore,
        cancelsAccepted: 0,
      });
    expect(await waitUntilAllEnded(world, jobIds)).toEqual([]);
    for (const jobId of jobIds)
      expect(await world.client.job(jobId)).toMatchObject({ status: 'succeeded', attempt: 1 });
    await untilSettled(world.evidence);
    await world.sweep([]);
    expect(await checkWorld(world.evidence, jobIds)).toEqual([]);
  },
  patient(240_000),
);
