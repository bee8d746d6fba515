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
  /** The fault struck; else the jobs had ended before. */
  readonly struck: boolean;
  readonly jobs: readonly SeenJob[];
  readonly ms: number;
  /** Empty: nothing is wrong. */
  readonly wrong: readonly string[];
}

/** One run: exports are asked for, the fault strikes at its stage, everything heals, and the checker judges. */
export async function runFault(world: FaultWorld, fault: Fault, random: Random): Promise<FaultRun> {
  const began = performance.now();
  const stage = oneOf(random, fault.stages);
  const jobIds: string[] = [];
  const blow = new FaultInjection(world, fault, random, jobIds);
  if (stage in STAGE_OPERATIONS) blow.armStore(stage);
  const asked = Array.from({ length: between(random, 1, 3) }, () => wantedExport(random));
  if (stage === 'creating')
    setTimeout(() => void blow.strike(undefined).catch(() => undefined), between(random, 0, 40));
  for (const job of asked) jobIds.push(await createExport(world, job));
  if (stage === 'queued') await blow.strike(undefined);
  const ending = waitUntilAllEnded(world, jobIds);
  if (stage === 'downloading') {
    await ending;
    const downloads = downloadAll(world, jobIds);
    await wait(between(random, 0, 60));
    await blow.strike(undefined);
    await downloads;
  }
  const stuck = await ending;
  await blow.over();
  if (stage !== 'downloading') await downloadAll(world, jobIds);
  await untilSettled(world.evidence);
  await world.sweep([]);
  const wrong = [...stuck, ...blow.wrong, ...(await checkWorld(world.evidence, jobIds))];
  const jobs = await Promise.all(jobIds.map((jobId) => world.client.job(jobId)));
  for (const job of jobs) {
    const forbidden = fault.forbids?.(job);
    if (forbidden !== undefined) wrong.push(`job ${job.jobId}: ${forbidden}`);
  }
  await world.sweep(jobIds);
  return {
    fault: fault.name,
    stage,
    struck: blow.struck,
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
  const asked = { ...wanted, acknowledgedBefore, cancelsAccepted: 0 };
  const filters = category === undefined ? {} : { categories: [category] };
  const body = { format, compression, filters };
  if (wanted.byPerson) {
    const id = randomUUID();
    const refused = await world.person.createExport(id, body);
    if (refused !== undefined) throw new Error(`export refused: ${refused}`);
    world.evidence.jobs.set(id, asked);
    return id;
  }
  const answer = await world.client.send('POST', '/v1/exports', {
    body,
    idempotencyKey: randomUUID(),
  });
  if (answer.status >= 300) throw new Error(`export refused: ${answer.text}`);
  const { jobId } = JSON.parse(answer.text) as SeenJob;
  world.evidence.jobs.set(jobId, asked);
  return jobId;
}

/** By the person at the dashboard: every file that is there, whole. */
async function downloadAll(world: FaultWorld, jobIds: readonly string[]): Promise<void> {
  for (const jobId of jobIds)
    if ((await world.client.job(jobId)).status === 'succeeded') await world.person.download(jobId);
}

/** The fault of one run, from the moment it is armed until all is as it was. */
class FaultInjection {
  readonly wrong: string[] = [];
  struck = false;
  readonly #world: FaultWorld;
  readonly #fault: Fault;
  readonly #random: Random;
  readonly #jobIds: readonly string[];
  #striking: Promise<void> | undefined;
  #storeHeals: Promise<void> = Promise.resolve();

  constructor(world: FaultWorld, fault: Fault, random: Random, jobIds: readonly string[]) {
    this.#world = world;
    this.#fault = fault;
    this.#random = random;
    this.#jobIds = jobIds;
  }

  /** The first request of a worker that shows the stage is held until the fault has struck. */
  armStore(stage: Stage): void {
    const { s3 } = this.#world;
    s3.fault = async (request) => {
      if (request.operation !== STAGE_OPERATIONS[stage] || !isWorkers(request)) return undefined;
      await (this.#striking ?? this.strike(request)).catch(() => undefined);
      return s3.fault === passThrough ? undefined : this.#store?.(request);
    };
  }

  #store: ((request: S3Request) => ReturnType<FaultWorld['s3']['fault']>) | undefined;

  strike(request: S3Request | undefined): Promise<void> {
    this.struck = true;
    this.#striking = this.#strike(request).catch((error: unknown) => {
      this.wrong.push(`the fault itself failed: ${String(error)}`);
    });
    return this.#striking;
  }

  async #strike(request: S3Request | undefined): Promise<void> {
    const { s3 } = this.#world;
    const { store, storeMs = 0, strike } = this.#fault;
    if (store !== undefined) {
      const hurt = store(this.#random);
      this.#store = hurt;
      s3.fault = (next) => (isWorkers(next) ? hurt(next) : undefined);
      this.#storeHeals = wait(storeMs).then(() => void (s3.fault = passThrough));
    } else s3.fault = passThrough;
    await strike?.(this.#context(request));
  }

  /** Resolves when the damage is healed. */
  async over(): Promise<void> {
    await this.#striking;
    await this.#storeHeals;
    this.#world.s3.fault = passThrough;
    this.#world.s3.requests.length = 0;
    if (!this.struck) return;
    this.struck = (await this.#fault.heal?.(this.#context(undefined))) !== false;
  }

  #context(request: S3Request | undefined) {
    return { world: this.#world, random: this.#random, jobIds: this.#jobIds, request };
  }
}

const passThrough = (): undefined => undefined;

function isWorkers({ headers }: S3Request): boolean {
  return headers.authorization?.includes('=worker-') === true;
}

/** @returns the jobs that did not end, in words */
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
