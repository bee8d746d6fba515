import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

async function finishedExport(
  page: Page,
  body: object = {},
): Promise<{ jobId: string; sha256: string }> {
  const answer = await page.request.post('/api/dashboard/exports', {
    data: { format: 'JSONL', filters: { range: { last: '30d' } }, ...body },
  });
  const { jobId } = (await answer.json()) as { jobId: string };
  let job: { jobId: string; status: string; sha256: string } | undefined;
  await expect
    .poll(
      async () => {
        job = (await (
          await page.request.get(`/api/dashboard/exports/${jobId}`)
        ).json()) as typeof job;
        return job?.status;
      },
      { timeout: patient(20_000) },
    )
    .toBe('succeeded');
  if (job === undefined) throw new Error('there is no job');
  return job;
}

test.for([{ compression: 'none' }, { compression: 'gzip', format: 'CSV' }] as const)(
  'the browser saves the same bytes as the api serves: %j',
  async (options, { openPage }) => {
    const page = await openPage({ as: 'owner' });
    const { jobId, sha256 } = await finishedExport(page, options);
    await page.goto(`/exports/${jobId}`);
    const saving = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('link', { name: 'Download' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toMatch(
      options.compression === 'gzip' ? /\.csv\.gz$/ : /\.jsonl$/,
    );
    const bytes = await readFile(await download.path());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    await expect(page).toHaveURL(new RegExp(jobId));
  },
);

test('a file missing from the store shows a message on the page instead of JSON', async ({
  openPage,
  product,
}) => {
  const page = await openPage({ as: 'owner', expectedProblems: [/410/] });
  const { jobId } = await finishedExport(page);
  let removed = 0;
  for await (const path of glob(`**/${jobId}*/**`, { cwd: product.home })) {
    await rm(join(product.home, path), { recursive: true, force: true });
    removed += 1;
  }
  expect(removed).toBeGreaterThan(0);
  await page.goto(`/exports/${jobId}`);
  await page.getByRole('dialog').getByRole('link', { name: 'Download' }).click();
  await expect(
    page.getByText('expired, was deleted or is missing from the artifact store'),
  ).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/exports/${jobId}`));
});

test('a download without a session leads to the sign-in page and back', async ({ openPage }) => {
  const page = await openPage({ as: 'owner', ownSession: true });
  const { jobId } = await finishedExport(page);
  await page.goto(`/exports/${jobId}`);
  const link = page.getByRole('dialog').getByRole('link', { name: 'Download' });
  await expect(link).toBeVisible();
  // Ended from elsewhere: the cookie is still there but no longer valid.
  const sessions = (await (await page.request.get('/api/auth/sessions')).json()) as {
    data: { id: string; current: boolean }[];
  };
  const own = sessions.data.find(({ current }) => current)?.id;
  const other = await openPage({ as: 'owner', ownSession: true });
  expect((await other.request.delete(`/api/auth/sessions/${own}`)).status()).toBe(204);
  await link.click();
  await expect(page.getByText('Your session has ended', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('Email').fill('olivia@acme.example');
  await page.getByLabel('Password').fill('exhibit-demo-2026');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(new RegExp(`/exports/${jobId}`));
});
