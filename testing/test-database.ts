import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';
import { TEMPLATE_DATABASE } from './templates.ts';

export interface TestDatabase {
  readonly name: string;
  /** URL with the owner role. */
  readonly url: string;
  readonly superuserUrl: string;
  /** Also disconnects remaining clients. */
  drop(): Promise<void>;
}

/** Clones a template (default: the migrated one) into a new database for one test file. */
export async function createTestDatabase(
  options: { template?: string } = {},
): Promise<TestDatabase> {
  const { ownerUrl, superuserUrl } = inject('testCluster');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = escapeIdentifier(options.template ?? TEMPLATE_DATABASE);
  await execute(superuserUrl, `create database ${name} template ${template} owner exhibit`);
  return {
    name,
    url: withDatabase(ownerUrl, name),
    superuserUrl: withDatabase(superuserUrl, name),
    drop: () => execute(superuserUrl, `drop database if exists ${name} with (force)`),
  };
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
