import { setTimeout } from 'node:timers/promises';
import { type APIRequestContext, request } from '@playwright/test';
import type { Product } from './product.ts';
import { patient } from '../../testing/patience.ts';

const WAIT_MS = patient(60_000);
const POLL_MS = 100;
const VIEWS = [
  {
    name: 'Failed log-ins',
    description: 'Who could not get in',
    query: { range: { last: '30d' }, actions: ['login.failed'] },
  },
  {
    name: 'Money',
    description: '',
    query: { range: { previous: 'month' }, categories: ['billing'] },
  },
] as const;
const TEMPLATES = [
  {
    name: 'Month end, for finance',
    description: 'Sent on the first working day',
    query: { range: { previous: 'month' }, categories: ['billing'] },
    format: 'CSV',
    compression: 'gzip',
  },
  {
    name: "Auditor's sample",
    description: '',
    query: { range: { last: '90d' } },
    format: 'JSONL',
    compression: 'zstd',
  },
] as const;
const EXPORTS = [
  {
    format: 'CSV',
    compression: 'gzip',
    purpose: 'SOC 2 review, AUD-142',
    filters: { range: { last: '90d' }, categories: ['auth'] },
  },
  { format: 'JSONL', filters: { range: { last: '30d' } } },
  { format: 'JSONL', compression: 'zstd', limit: 500, filters: { range: { last: '90d' } } },
] as const;

/** Creates views, templates, exports and a download, so that the pages look as in use. Call it once per product. */
export async function seedScreens(product: Product): Promise<void> {
  const owner = await request.newContext({
    baseURL: product.url,
    storageState: product.sessions.owner,
  });
  try {
    const { data } = (await (await owner.get('/api/dashboard/export-templates')).json()) as {
      data: { name: string }[];
    };
    if (data.some(({ name }) => name === TEMPLATES[0].name)) return;
    for (const view of VIEWS) await owner.post('/api/dashboard/explorer/views', { data: view });
    for (const template of TEMPLATES)
      await owner.post('/api/dashboard/export-templates', { data: template });
    for (const wanted of EXPORTS) {
      const answer = await owner.post('/api/dashboard/exports', { data: wanted });
      const { jobId } = (await answer.json()) as { jobId: string };
      await downloaded(owner, jobId);
    }
  } finally {
    await owner.dispose();
  }
}

async function downloaded(person: APIRequestContext, jobId: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (let status = ''; status !== 'succeeded'; await setTimeout(POLL_MS)) {
    if (status === 'failed' || Date.now() > deadline)
      throw new Error(`the export ${jobId} is ${status}`);
    const answer = await person.get(`/api/dashboard/exports/${jobId}`);
    ({ status } = (await answer.json()) as { status: string });
  }
  await person.get(`/api/exports/${jobId}/download`);
}
