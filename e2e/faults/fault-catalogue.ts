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
/** Longer than a lease, the queue's heartbeat and a recovery together: another worker has taken the job. */
const FROZEN_MS = 16_000;

const answers =
  (fault: S3Fault, operations: readonly S3Request['operation'][]) =>
  () =>
  // An async function, so that the request is looked at in its turn.
  async ({ operation }: S3Request) =>
    operations.includes(operation) ? fault : undefined;

const WRITES = ['create', 'part', 'complete'] as const;

/** The look for a COPY that goes on while exports run. */
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

/** Every process of the chosen kinds jumps, as on one machine, and back again when the fault heals. */
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
    strike: async ({ world, request }) => {
      const worker = world.workerOf(request?.headers.authorization);
      await worker.end('SIGKILL');
      await worker.start();
    },
  },
  {
    name: 'kill -9 of both workers',
    stages: WORKING,
    strike: async ({ world }) => {
      await Promise.all(world.workers.map((worker) => worker.end('SIGKILL')));
      await Promise.all(world.workers.map((worker) => worker.start()));
    },
  },
  {
    name: 'kill -9 of an api',
    stages: ['creating', 'creating', 'writing', 'downloading'],
    strike: async ({ world, random }) => {
      const api = world.apis[between(random, 0, 1)];
      await api?.end('SIGKILL');
      await api?.start();
    },
  },
  {
    name: 'kill -9 of a dashboard',
    stages: ['creating', 'creating', 'writing', 'downloading', 'downloading'],
    strike: killDashboard,
  },
  {
    name: 'dashboards and apis cut apart',
    stages: ['creating', 'creating', 'queued', 'downloading'],
    strike: holdLink,
    heal: async ({ world }) => world.link.set('open'),
  },
  {
    name: 'clock of the workers steps',
    stages: WORKING,
    strike: stepClocks(({ workers }) => workers),
    heal: () => wait(CLOCK_MS),
    // Leases are in the database's time: nobody's job is taken from a worker whose clock is wrong.
    forbids: ({ status, attempt }) =>
      status === 'succeeded' && attempt !== 1 ? `took ${attempt} attempts` : undefined,
  },
  {
    name: 'clock of apis and dashboards steps',
    stages: ['creating', 'queued', 'downloading'],
    strike: stepClocks(({ apis, dashboards }) => [...apis, ...dashboards]),
    heal: () => wait(CLOCK_MS),
  },
  {
    name: 'clock of the dashboards alone steps',
    stages: ['creating', 'downloading'],
    strike: stepClocks(({ dashboards }) => dashboards),
    heal: () => wait(CLOCK_MS),
  },
  {
    name: 'clock of the database steps forward',
    stages: RUNNING,
    strike: stepDatabaseClockForward,
  },
  {
    name: 'clock of the database steps back, and kill -9 of the worker',
    stages: WORKING,
    strike: stepDatabaseClockBack,
  },
  {
    name: 'kill -9 of PostgreSQL',
    stages: ['creating', ...WORKING],
    strike: async ({ world, random }) => {
      await world.database.kill();
      await wait(between(random, 0, 1_500));
      await world.database.startAgain();
    },
  },
  {
    name: 'connections cut in mid-COPY',
    stages: ['queued'],
    // Not held up meanwhile: the COPY has to run to be cut.
    strike: async ({ world }) => void (cutting = cutCopy(world.database.superuserUrl)),
    heal: () => cutting,
  },
  {
    name: 'graceful restart of the workers, one by one',
    stages: WORKING,
    strike: async ({ world }) => {
      for (const worker of world.workers) {
        // The request that is held belongs to one of them: its end must not be waited for here.
        const ended = worker.end('SIGTERM');
        await Promise.race([ended, wait(1_000)]);
        void ended.then(() => worker.start()).catch(() => undefined);
      }
    },
    heal: () => wait(500),
    forbids: ({ status, attempt }) =>
      status === 'succeeded' && attempt !== 1 ? `took ${attempt} attempts` : undefined,
  },
  {
    name: 'frozen worker wakes after its job was taken',
    stages: RUNNING,
    strike: async ({ world, request }) => {
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
    name: 'store refuses',
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
    name: 'store stands still in mid-answer',
    stages: RUNNING,
    store: (random) => async () => ({ stallAfterBytes: between(random, 1, 60) }),
    storeMs: 8_000,
  },
  {
    name: 'store away',
    stages: RUNNING,
    store: () => async () => ({ cutAfterBytes: 0 }),
    storeMs: 3_000,
    // An outage costs no attempt.
    forbids: ({ status, attempt }) =>
      status === 'succeeded' && attempt !== 1 ? `took ${attempt} attempts` : undefined,
  },
  {
    name: 'store answers success to completions without storing',
    stages: ['completing'],
    store: answers('lie', ['complete']),
    storeMs: 2_000,
  },
  {
    name: 'store answers success to parts without storing',
    stages: ['writing'],
    store: answers('lie', ['part']),
    storeMs: 2_000,
  },
  {
    name: 'answers of the store lost',
    stages: RUNNING,
    store: answers('lose answer', ['create', 'part', 'complete', 'abort', 'delete']),
    storeMs: 1_500,
  },
  { name: 'cancel', stages: WORKING, strike: cancel },
  {
    name: 'cancel, and kill -9 of the worker',
    stages: RUNNING,
    strike: async (struck) => {
      const canceling = cancel(struck);
      const worker = struck.world.workerOf(struck.request?.headers.authorization);
      await worker.end('SIGKILL');
      await worker.start();
      await canceling;
    },
  },
  { name: 'client vanishes in mid-download', stages: ['downloading'], strike: breakOffDownload },
  { name: 'client reads 10 kB/s', stages: ['downloading'], strike: readSlowly },
];
