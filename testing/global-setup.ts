import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../server/src/regions/embedded/embedded-postgres.ts';
import { prepareTemplates } from './templates.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Base URLs (their path is the database `postgres`) of the cluster all tests of a run share. */
    readonly testCluster: { readonly ownerUrl: string; readonly superuserUrl: string };
  }
}

/** Starts the one PostgreSQL of a test run; the returned function ends it and removes its files. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-tests-'));
  try {
    const cluster = await startEmbeddedPostgres({ directory, durability: 'fast' });
    const end = async () => {
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    };
    await prepareTemplates(cluster).catch(async (error: unknown) => {
      await end();
      throw error;
    });
    project.provide('testCluster', {
      ownerUrl: cluster.url('postgres'),
      superuserUrl: cluster.superuserUrl('postgres'),
    });
    return end;
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}
