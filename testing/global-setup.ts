import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../server/src/regions/embedded/embedded-postgres.ts';
import { prepareTemplates } from './templates.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Base URLs (with the database `postgres`) of the cluster that all tests of a run share. */
    readonly testCluster: { readonly ownerUrl: string; readonly superuserUrl: string };
  }
}

interface Cluster {
  readonly urls: { readonly ownerUrl: string; readonly superuserUrl: string };
  readonly stop: () => Promise<void>;
}

/** Shared by the projects `database` and `system` of a run, which each load their own instance of this module. */
const shared = globalThis as { exhibitTestCluster?: { started: Promise<Cluster>; users: number } };

/** Starts the PostgreSQL server of a test run. The last project that uses it stops it and removes its files. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = (shared.exhibitTestCluster ??= { started: startCluster(), users: 0 });
  cluster.users += 1;
  const { urls, stop } = await cluster.started;
  project.provide('testCluster', urls);
  return async () => {
    cluster.users -= 1;
    if (cluster.users > 0) return;
    delete shared.exhibitTestCluster;
    await stop();
  };
}

async function startCluster(): Promise<Cluster> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-tests-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const cluster = await startEmbeddedPostgres({ directory, durability: 'fast' });
  stack.defer(() => cluster.stop());
  await prepareTemplates(cluster);
  const owned = stack.move();
  return {
    urls: {
      ownerUrl: cluster.url('postgres'),
      superuserUrl: cluster.superuserUrl('postgres'),
    },
    stop: () => owned.disposeAsync(),
  };
}
