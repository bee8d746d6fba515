import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { S3Request } from '../../testing/storage/s3-server.ts';
import type { SeenJob } from './api-client.ts';
import { checkWorld } from './checker/check-world.ts';
import type { WantedExport } from './checker/evidence.ts';
import { type Fault, type Stage, STAGE_OPERATIONS } from './fault.ts';
import { untilSettled } from './wait-until-settled.ts';
import type { FaultWorld } from './fault-world.ts';
import { between, oneOf, type Random } from './seeded-random.ts';
import { patient } from '../../testing/patience.ts';

const TERMINAL = new Set(['succeeded', 'failed', 'canceled']);
const ENDS_WITHIN_MS = patient(90_000);

export interface FaultRun {
  readonly fault: string;
  readonly stage: Stage;
  /** False if the jobs ended before the fault was injected. */
  readonly injected: boolean;
  readonly jobs: readonly SeenJob[];
  readonly ms: number;
  /** One message per problem. */
  readonly wrong: readonly string[];
}

/** One run: creates exports, injects the fault at its stage, waits until everything has healed and runs the checker. */
export async function runFault(world: FaultWorld, fault: Fault, random: Random): Promise<FaultRun> {
  const began = performance.now();
  const stage = oneOf(random, fault.stages);
  const jobIds: string[] = [];
  const injection = new FaultInjection(world, fault, random, jobIds);
  if (stage in STAGE_OPERATIONS) injection.armStore(stage);
  const wanted = Array.from({ length: between(random, 1, 3) }, () => wantedExport(random));
  if (stage === 'creating')
    setTimeout(
      () => void injection.inject(undefined).catch(() => undefined),
      between(random, 0, 40),
    );
  for (const job of wanted) jobIds.push(await createExport(world, job));
  if (stage === 'queued') await injection.inject(undefined);
  const ending = waitUntilAllEnded(world, jobIds);
  if (stage === 'downloading') {
    await ending;
    const downloads = downloadAll(world, jobIds);
    await wait(between(random, 0, 60));
    await injection.inject(undefined);
    await downloads;
  }
  const stuck = await ending;
  await injection.waitUntilHealed();
  if (stage !== 'downloading') await downloadAll(world, jobIds);
  await untilSettled(world.evidence);
  await world.sweep([]);
  const wrong = [...stuck, ...injection.wrong, ...(await checkWorld(world.evidence, jobIds))];
  const jobs = await Promise.all(jobIds.map((jobId) => world.client.job(jobId)));
  for (const job of jobs) {
    const violation = fault.violation?.(job);
    if (violation !== undefined) wrong.push(`job ${job.jobId}: ${violation}`);
  }
  await world.sweep(jobIds);
  return {
    fault: fault.name,
    stage,
    injected: injection.injected,
    jobs,
    ms: performance.now() - began,
    wrong,
  };
}

export function wantedExport(random: Random): WantedExport {
  return {
    format: oneOf(random, ['JSONL', 'JSONL', 'CSV']),
    compression: oneOf(random, ['none', 'none', 'gzip', 'zstd']),
    category: oneOf(random, [undefined, undefined, 'auth', 'late']),
    byPerson: random() < 0.5,
  };
}

export async function createExport(world: FaultWorld, wanted: WantedExport): Promise<string> {
  const { format, compression, category } = wanted;
  const acknowledgedBefore = world.evidence.acknowledgedEvents.size;
  const requested = { ...wanted, acknowledgedBefore, cancelsAccepted: 0 };
  const filters = category === undefined ? {} : { categories: [category] };
  const body = { format, compression, filters };
  if (wanted.byPerson) {
    const id = randomUUID();
    const refused = await world.person.createExport(id, body);
    if (refused !== undefined) throw new Error(`export refused: ${refused}`);
    world.evidence.jobs.set(id, requested);
    return id;
  }
  const answer = await world.client.send('POST', '/v1/exports', {
    body,
    idempotencyKey: randomUUID(),
  });
  if (answer.status >= 300) throw new Error(`export refused: ${answer.text}`);
  const { jobId } = JSON.parse(answer.text) as SeenJob;
  world.evidence.jobs.set(jobId, requested);
  return jobId;
}

/** Downloads every existing file completely from the dashboard. */
async function downloadAll(world: FaultWorld, jobIds: readonly string[]): Promise<void> {
  for (const jobId of jobIds)
    if ((await world.client.job(jobId)).status === 'succeeded') await world.person.download(jobId);
}

/** The fault of one run, from arming it until everything has healed. */
class FaultInjection {
  readonly wrong: string[] = [];
  injected = false;
  readonly #world: FaultWorld;
  readonly #fault: Fault;
  readonly #random: Random;
  readonly #jobIds: readonly string[];
  #injecting: Promise<void> | undefined;
  #storeHeals: Promise<void> = Promise.resolve();

  constructor(world: FaultWorld, fault: Fault, random: Random, jobIds: readonly string[]) {
    this.#world = world;
    this.#fault = fault;
    this.#random = random;
    this.#jobIds = jobIds;
  }

  /** Pauses the first request of a worker at this stage until the fault has been injected. */
  armStore(stage: Stage): void {
    const { s3 } = this.#world;
    s3.fault = async (request) => {
      if (request.operation !== STAGE_OPERATIONS[stage] || !isWorkers(request)) return undefined;
      await (this.#injecting ?? this.inject(request)).catch(() => undefined);
      return s3.fault === passThrough ? undefined : this.#store?.(request);
    };
  }

  #store: ((request: S3Request) => ReturnType<FaultWorld['s3']['fault']>) | undefined;

  inject(request: S3Request | undefined): Promise<void> {
    this.injected = true;
    this.#injecting = this.#inject(request).catch((error: unknown) => {
      this.wrong.push(`the fault itself failed: ${String(error)}`);
    });
    return this.#injecting;
  }

  async #inject(request: S3Request | undefined): Promise<void> {
    const { s3 } = this.#world;
    const { store, storeMs = 0, inject } = this.#fault;
    if (store !== undefined) {
      const faulty = store(this.#random);
      this.#store = faulty;
      s3.fault = (next) => (isWorkers(next) ? faulty(next) : undefined);
      this.#storeHeals = wait(storeMs).then(() => void (s3.fault = passThrough));
    } else s3.fault = passThrough;
    await inject?.(this.#context(request));
  }

  /** Resolves when the fault has healed. */
  async waitUntilHealed(): Promise<void> {
    await this.#injecting;
    await this.#storeHeals;
    this.#world.s3.fault = passThrough;
    this.#world.s3.requests.length = 0;
    if (!this.injected) return;
    this.injected = (await this.#fault.heal?.(this.#context(undefined))) !== false;
  }

  #context(request: S3Request | undefined) {
    return { world: this.#world, random: this.#random, jobIds: this.#jobIds, request };
  }
}

const passThrough = (): undefined => undefined;

function isWorkers({ headers }: S3Request): boolean {
  return headers.authorization?.includes('=worker-') === true;
}

/** @returns a message for each job that did not end */
export async function waitUntilAllEnded(
  world: FaultWorld,
  jobIds: readonly string[],
): Promise<string[]> {
  const deadline = performance.now() + ENDS_WITHIN_MS;
  for (;;) {
    const jobs = await Promise.all(jobIds.map((jobId) => world.client.job(jobId)));
    const open = jobs.filter(({ status }) => !TERMINAL.has(status));
    if (open.length === 0) return [];
    if (performance.now() > deadline)
      return open.map(({ jobId, status }) => `job ${jobId}: still ${status} after 90 s`);
    await wait(100);
  }
}
