import { setTimeout as wait } from 'node:timers/promises';
import type { S3Fault, S3Request } from '../../testing/storage/s3-server.ts';
import type { Fault, Stage, InjectionContext } from './fault.ts';
import { cutCopy } from './inject/cut-copy-connections.ts';
import { breakOffDownload, readSlowly } from './inject/download-faults.ts';
import { STORE_TIMEOUT_SECONDS } from './fault-world.ts';
import { holdLink, killDashboard } from './inject/dashboard-faults.ts';
import type { ProgramPart } from './program-part.ts';
import { between, oneOf } from './seeded-random.ts';
import { stepDatabaseClockBack, stepDatabaseClockForward } from './inject/step-database-clock.ts';

const RUNNING: readonly Stage[] = ['beginning', 'writing', 'completing', 'finishing'];
const WORKING: readonly Stage[] = ['queued', ...RUNNING];
/** Longer than a lease, the queue's heartbeat and a recovery together, so that another worker takes the job. */
const FROZEN_MS = 16_000;

const answers =
  (fault: S3Fault, operations: readonly S3Request['operation'][]) =>
  () =>
  // An async function, so that requests are evaluated in order.
  async ({ operation }: S3Request) =>
    operations.includes(operation) ? fault : undefined;

const WRITES = ['create', 'part', 'complete'] as const;

/** The pending search for a COPY to interrupt, which continues while exports run. */
let cutting: Promise<boolean> = Promise.resolve(false);

async function cancel({ world, jobIds }: InjectionContext): Promise<void> {
  for (const jobId of jobIds) {
    const job = world.evidence.jobs.get(jobId);
    const accepted =
      job?.byPerson === true
        ? await world.person.cancel(jobId)
        : (await world.client.send('POST', `/v1/exports/${jobId}/cancel`)).status === 200;
    if (accepted && job !== undefined) job.cancelsAccepted++;
  }
}

const HOUR_MS = 3_600_000;
const CLOCK_STEPS_MS = [-HOUR_MS, -30_000, 30_000, HOUR_MS, 24 * HOUR_MS];

/** Moves the clocks of all given processes by the same offset, and back when the fault heals. */
const stepClocks =
  (partsOf: (world: InjectionContext['world']) => readonly ProgramPart[]) =>
  async ({ world, random }: InjectionContext): Promise<void> => {
    const offsetMs = oneOf(random, CLOCK_STEPS_MS);
    for (const part of partsOf(world)) part.stepClock(offsetMs);
    setTimeout(() => {
      for (const part of partsOf(world)) part.stepClock(0);
    }, CLOCK_MS);
  };
const CLOCK_MS = 4_000;

export const FAULTS: readonly Fault[] = [
  { name: 'none', stages: ['queued'] },
  {
    name: 'kill -9 of the worker',
    stages: RUNNING,
    inject: async ({ world, request }) => {
      const worker = world.workerOf(request?.headers.authorization);
      await worker.end('SIGKILL');
      await worker.start();
    },
  },
  {
    name: 'kill -9 of both workers',
    stages: WORKING,
    inject: async ({ world }) => {
      await Promise.all(world.workers.map((worker) => worker.end('SIGKILL')));
      await Promise.all(world.workers.map((worker) => worker.start()));
    },
  },
  {
    name: 'kill -9 of an api',
    stages: ['creating', 'creating', 'writing', 'downloading'],
    inject: async ({ world, random }) => {
      const api = world.apis[between(random, 0, 1)];
      await api?.end('SIGKILL');
      await api?.start();
    },
  },
  {
    name: 'kill -9 of a dashboard',
    stages: ['creating', 'creating', 'writing', 'downloading', 'downloading'],
    inject: killDashboard,
  },
  {
    name: 'network between dashboards and apis fails',
    stages: ['creating', 'creating', 'queued', 'downloading'],
    inject: holdLink,
    heal: async ({ world }) => world.link.set('open'),
  },
  {
    name: 'clock of the workers jumps',
    stages: WORKING,
    inject: stepClocks(({ workers }) => workers),
    heal: () => wait(CLOCK_MS),
    // Leases use the database's clock, so a worker with a wrong clock keeps its job.
    violation: ({ status, attempt }) =>
      status === 'succeeded' && attempt !== 1 ? `took ${attempt} attempts` : undefined,
  },
  {
    name: 'clock of apis and dashboards jumps',
    stages: ['creating', 'queued', 'downloading'],
    inject: stepClocks(({ apis, dashboards }) => [...apis, ...dashboards]),
    heal: () => wait(CLOCK_MS),
  },
  {
    name: 'clock of the dashboards jumps',
    stages: ['creating', 'downloading'],
    inject: stepClocks(({ dashboards }) => dashboards),
    heal: () => wait(CLOCK_MS),
  },
  {
    name: 'clock of the database jumps forward',
    stages: RUNNING,
    inject: stepDatabaseClockForward,
  },
  {
    name: 'clock of the database jumps back, and kill -9 of the worker',
    stages: WORKING,
    inject: stepDatabaseClockBack,
  },
  {
    name: 'kill -9 of PostgreSQL',
    stages: ['creating', ...WORKING],
    inject: async ({ world, random }) => {
      await world.database.kill();
      await wait(between(random, 0, 1_500));
      await world.database.startAgain();
    },
  },
  {
    name: 'connections break during COPY',
    stages: ['queued'],
    // Do not wait for it here: the COPY must run to be interrupted.
    inject: async ({ world }) => void (cutting = cutCopy(world.database.superuserUrl)),
    heal: () => cutting,
  },
  {
    name: 'graceful restart of the workers, one by one',
    stages: WORKING,
    inject: async ({ world }) => {
      for (const worker of world.workers) {
        // One of the workers sent the request that is paused, so do not wait here until it ends.
        const ended = worker.end('SIGTERM');
        await Promise.race([ended, wait(1_000)]);
        void ended.then(() => worker.start()).catch(() => undefined);
      }
    },
    heal: () => wait(500),
    violation: ({ status, attempt }) =>
      status === 'succeeded' && attempt !== 1 ? `took ${attempt} attempts` : undefined,
  },
  {
    name: 'frozen worker wakes after its job was taken',
    stages: RUNNING,
    inject: async ({ world, request }) => {
      const worker = world.workerOf(request?.headers.authorization);
      worker.freeze();
      setTimeout(() => worker.thaw(), FROZEN_MS);
    },
    heal: () => wait(FROZEN_MS),
  },
  {
    name: 'store full',
    stages: RUNNING.slice(0, 3),
    store: answers({ status: 507, code: 'XMinioStorageFull' }, WRITES),
    storeMs: 3_000,
  },
  {
    name: 'store rejects requests',
    stages: RUNNING.slice(0, 3),
    store: answers({ status: 403, code: 'AccessDenied' }, [...WRITES, 'abort', 'delete']),
    storeMs: 3_000,
  },
  {
    name: 'store slow',
    stages: RUNNING,
    store: (random) => async () => {
      await wait(between(random, 100, 800));
      return undefined;
    },
    storeMs: 5_000,
  },
  {
    name: 'store very slow',
    stages: RUNNING,
    store: (random) => async () => {
      await wait(between(random, 1_000, (STORE_TIMEOUT_SECONDS + 1) * 1000));
      return undefined;
    },
    storeMs: 12_000,
  },
  {
    name: 'store stalls during a response',
    stages: RUNNING,
    store: (random) => async () => ({ stallAfterBytes: between(random, 1, 60) }),
    storeMs: 8_000,
  },
  {
    name: 'store unavailable',
    stages: RUNNING,
    store: () => async () => ({ cutAfterBytes: 0 }),
    storeMs: 3_000,
    // An outage does not use up an attempt.
    violation: ({ status, attempt }) =>
      status === 'succeeded' && attempt !== 1 ? `took ${attempt} attempts` : undefined,
  },
  {
    name: 'store confirms completions without storing',
    stages: ['completing'],
    store: answers('lie', ['complete']),
    storeMs: 2_000,
  },
  {
    name: 'store confirms parts without storing',
    stages: ['writing'],
    store: answers('lie', ['part']),
    storeMs: 2_000,
  },
  {
    name: 'responses of the store lost',
    stages: RUNNING,
    store: answers('lose answer', ['create', 'part', 'complete', 'abort', 'delete']),
    storeMs: 1_500,
  },
  { name: 'cancel', stages: WORKING, inject: cancel },
  {
    name: 'cancel, and kill -9 of the worker',
    stages: RUNNING,
    inject: async (context) => {
      const canceling = cancel(context);
      const worker = context.world.workerOf(context.request?.headers.authorization);
      await worker.end('SIGKILL');
      await worker.start();
      await canceling;
    },
  },
  {
    name: 'client disconnects during a download',
    stages: ['downloading'],
    inject: breakOffDownload,
  },
  { name: 'client reads 10 kB/s', stages: ['downloading'], inject: readSlowly },
];
