// Real failures that would harm the shared product: a worker that is stopped, a store that hangs
// and rejects writes, a region that is not migrated; and a large file. The order matters: the last test migrates the
// region.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { vi } from 'vitest';
import type { S3Request } from '../../testing/storage/s3-server.ts';
import { startExhibitProcess } from '../../testing/processes/exhibit-process.ts';
import { freePort } from '../faults/free-port.ts';
import { askForExport, awaitJob } from './await-job.ts';
import { expectAccessible } from './axe.ts';
import { watchMemory } from './browser-memory.ts';
import { expect } from './fixture.ts';
import { test } from './parts-fixture.ts';
import { ACME_EVENTS, type ProductInParts } from './product-in-parts.ts';
import { logInOf, signIn } from './sign-in.ts';
import { patient } from '../../testing/patience.ts';

// Tests stop and start processes and wait for attempts, and the first test starts all of them. Each step takes seconds
// on an idle machine and much longer on a busy one.
vi.setConfig({ testTimeout: patient(180_000) });

const run = promisify(execFile);

const drawerOf = (page: Page) => page.getByRole('dialog', { name: /^Export/ });
const MOVED = { timeout: patient(20_000) };

/** Blocks exports at their second part, and the removal of unfinished files, until released. */
function holdStore({ s3 }: ProductInParts): () => void {
  const gate = Promise.withResolvers<undefined>();
  s3.fault = ({ operation, url }: S3Request) => {
    const writesOn = operation === 'part' && url.searchParams.get('partNumber') !== '1';
    return writesOn || operation === 'abort' || operation === 'delete' ? gate.promise : undefined;
  };
  return () => {
    s3.fault = () => undefined;
    gate.resolve(undefined);
  };
}

test('without a worker the dialog shows a warning and a job waits and can be canceled, and once a worker starts, the job runs and a toast offers the download on any page', async ({
  openPage,
  parts,
}) => {
  const [page, list] = [await openPage({ as: 'billing' }), await openPage({ as: 'owner' })];
  const done = await askForExport(page.request, { limit: 10, compression: 'gzip' });
  await awaitJob(page.request, done, 'succeeded');
  await parts.worker.end('SIGTERM');
  const asked = await askForExport(list.request);
  // Backdated, as if started before this tab was opened.
  await parts.us.query(
    `UPDATE export_jobs SET created_at = created_at - interval '1 minute' WHERE job_id = $1`,
    [asked],
  );
  const row = list.locator(`tr:has(a[href*="${asked}"])`);
  try {
    await list.goto('/exports?status=pending');
    await row.getByRole('button', { name: 'More actions' }).click();
    await list.getByRole('menuitem', { name: 'Cancel…' }).click();

    await page.goto('/events?range=all');
    await page.getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByText('No export worker is running in this region')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Start export' })).toHaveCount(0);
    await expectAccessible(page, { within: '[role="dialog"]' });

    const waiting = await askForExport(page.request);
    await page.goto(`/exports/${waiting}`);
    await expect(drawerOf(page).getByText('Waiting for a worker')).toBeVisible();
    await drawerOf(page).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel export' }).click();
    await expect(drawerOf(page).getByText('This export was canceled')).toBeVisible();
    await expectAccessible(page);

    await page.goto(`/exports/${done}`);
    await drawerOf(page).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Rerun', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Rerun' }).click();
    await expect(page.getByText('Rerun started', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await expect(page).toHaveTitle(/^0% · Settings/);
  } finally {
    await parts.worker.start();
  }
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible(MOVED);
  await expect(page).toHaveURL(/\/settings/);
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const file = await readFile(await (await saving).path());
  expect(file.subarray(0, 2).toString('hex')).toBe('1f8b');

  // The row that opened the dialog is no longer listed; the dialog stays open.
  await expect(row).toHaveCount(0, MOVED);
  await expect(list.getByText('Export finished', { exact: true })).toBeVisible(MOVED);
  await list.getByRole('alertdialog').getByRole('button', { name: 'Cancel export' }).click();
  await expect(list.getByText('The export had already finished', { exact: true })).toBeVisible();
});

test('a running export shows progress in the page and tab title and can be canceled after a confirmation, but not by another member', async ({
  openPage,
  parts,
}) => {
  const page = await openPage({ as: 'owner', theme: 'dark' });
  const [acme] = parts.product.demo.companies;
  const production = acme?.workspaces.find(({ name }) => name === 'Production')?.id;
  const letGo = holdStore(parts);
  try {
    const jobId = await askForExport(page.request, { purpose: 'Held halfway' });
    const theirs = await askForExport(page.request, { filters: { workspaceIds: [production] } });
    await page.goto('/exports');
    const row = page.getByRole('row').filter({ hasText: `/ ${ACME_EVENTS.toLocaleString('en')}` });
    const bar = row.getByRole('progressbar');
    await expect
      .poll(async () => Number(await bar.getAttribute('aria-valuenow')), {
        timeout: patient(40_000),
      })
      .toBeGreaterThan(10);
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(100);
    // It updates within a second; the longer deadline is for a busy machine.
    parts.worker.freeze();
    await parts.us.query('UPDATE export_jobs SET rows_exported = $2 WHERE job_id = $1', [
      jobId,
      ACME_EVENTS * 0.77,
    ]);
    await expect(bar).toHaveAttribute('aria-valuenow', '77', { timeout: patient(3000) });
    parts.worker.thaw();
    await expect(page).toHaveTitle(/^\d\d% · Exports/);
    await expectAccessible(page);

    const member = await openPage({ as: 'member', width: 390 });
    await member.goto(`/exports/${theirs}`);
    await drawerOf(member).getByRole('button', { name: 'More actions' }).click();
    await expect(member.getByRole('menuitem', { name: /^Cancel/ })).toContainText(
      'Members can only cancel their own',
    );
    expect((await member.request.get(`/api/dashboard/exports/${jobId}`)).status()).toBe(404);
    expect((await page.request.post(`/api/dashboard/exports/${theirs}/cancel`)).ok()).toBe(true);

    await row.getByRole('link', { name: /View export/ }).click();
    await expect(drawerOf(page).getByText('Exporting')).toBeVisible();
    await expect(drawerOf(page).getByText(/rows · 0 rows\/s/)).toBeVisible();
    await drawerOf(page).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Cancel…' }).click();
    await expectAccessible(page, { within: '[role="alertdialog"]' });
    await page.getByRole('button', { name: 'Cancel export' }).click();
    await expect(drawerOf(page).getByText('Canceling…')).toBeVisible();
    letGo();
    await expect(page.getByText('Export canceled', { exact: true })).toBeVisible(MOVED);
    await expect(drawerOf(page).getByText('This export was canceled')).toBeVisible();
    await expect(page).toHaveTitle('Exports · Exhibit', MOVED);
  } finally {
    parts.worker.thaw();
    letGo();
  }
});

test('if the store rejects the file, each attempt is reported, the failure suggests a next step, and a successful rerun references the failed job', async ({
  openPage,
  parts,
}) => {
  const page = await openPage({ as: 'member' });
  parts.s3.fault = ({ operation }) =>
    operation === 'create' ? { status: 403, code: 'AccessDenied' } : undefined;
  const [acme] = parts.product.demo.companies;
  const jobId = await askForExport(page.request, {
    filters: { workspaceIds: [acme?.workspaces[0]?.id] },
  });
  await page.goto(`/exports/${jobId}`);
  await expect(
    drawerOf(page).getByText('was interrupted and its partial output deleted. Retrying shortly.'),
  ).toBeVisible(MOVED);
  await expect(
    drawerOf(page).getByText('The artifact store refused the file. Nothing was kept.'),
  ).toBeVisible({ timeout: patient(40_000) });
  await expect(drawerOf(page).getByText(/check the artifact store's permissions/)).toBeVisible();
  await expect(drawerOf(page).getByText('3 attempts')).toBeVisible();
  await expect(drawerOf(page).getByRole('link', { name: 'Download' })).toHaveCount(0);
  await expectAccessible(page);
  parts.s3.fault = () => undefined;
  await drawerOf(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Rerun', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Rerun' }).click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible(MOVED);
  await expect(drawerOf(page).getByText('Rerun as')).toBeVisible();
  const finished = page.getByRole('listitem').filter({ hasText: 'Export finished' });
  await finished.getByRole('link', { name: 'View', exact: true }).click();
  await expect(drawerOf(page).getByText('Rerun of')).toBeVisible();
});

test('Download explains that the file has expired or that the workspace access was revoked while the page was open', async ({
  openPage,
  parts,
}) => {
  const owner = await openPage({ as: 'owner' });
  const [acme] = parts.product.demo.companies;
  const workspaceId = acme?.workspaces[0]?.id;
  const jobId = await askForExport(owner.request, { filters: { workspaceIds: [workspaceId] } });
  await awaitJob(owner.request, jobId, 'succeeded');
  const member = await openPage({ as: 'member' });
  await member.goto(`/exports/${jobId}`);
  const download = drawerOf(member).getByRole('link', { name: 'Download' });
  await expect(download).toBeVisible();
  const people = (await (await owner.request.get('/api/members')).json()) as {
    data: { userId: string; role: string }[];
  };
  const max = people.data.find(({ role }) => role === 'MEMBER')?.userId;
  const give = (workspaceIds: readonly unknown[]) =>
    owner.request.patch(`/api/members/${max}`, { data: { workspaceIds } });
  expect((await give([])).ok()).toBe(true);
  await download.click();
  await expect(
    member.getByText(/you no longer have access to it|may not download|permission to download/),
  ).toBeVisible();
  await expect(member).toHaveURL(new RegExp(jobId));
  expect((await give([workspaceId])).ok()).toBe(true);

  await owner.goto(`/exports/${jobId}`);
  const link = drawerOf(owner).getByRole('link', { name: 'Download' });
  await expect(link).toBeVisible();
  await parts.us.query(
    `UPDATE export_jobs SET artifact_expires_at = now() - interval '1 minute' WHERE job_id = $1`,
    [jobId],
  );
  await link.click();
  await expect(
    owner.getByText('it expired, was deleted or is missing from the artifact store'),
  ).toBeVisible();
  await expectAccessible(owner, { within: '[role="dialog"]:not([data-drawer])' });
  await owner.reload();
  await expect(drawerOf(owner).getByText('The file has expired', { exact: true })).toBeVisible();
  await expect(drawerOf(owner).getByRole('button', { name: 'Download' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
});

test('a download above the limit is not started, an export with too many rows is blocked, and a large one needs a confirmation', async ({
  openPage,
  parts,
  product,
}) => {
  const port = String(await freePort());
  await using _api = await startExhibitProcess('api', {
    ...parts.environment,
    API_PORT: port,
    EXPORT_MAX_ROWS: '50000',
  });
  await using strict = await startExhibitProcess('dashboard', {
    ...parts.environment,
    API_URL: `http://127.0.0.1:${port}`,
    DASHBOARD_PORT: '0',
    DASHBOARD_CONFIRM_ROWS: '1000',
    MAX_DOWNLOAD_BYTES: '1000',
  });
  const page = await openPage();
  const { cookies } = await signIn(strict.ready, logInOf(product.demo, 'billing'));
  await page.context().addCookies(cookies);
  const jobId = await askForExport(page.request, { limit: 100 });
  await awaitJob(page.request, jobId, 'succeeded');
  await page.goto(`${strict.ready}/exports/${jobId}`);
  const button = drawerOf(page).getByRole('button', { name: 'Download' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(
    drawerOf(page).getByText(`npx exhibit exports download ${jobId}`).first(),
  ).toBeVisible();
  expect((await page.request.get(`${strict.ready}/api/exports/${jobId}/download`)).status()).toBe(
    413,
  );

  await page.goto(`${strict.ready}/events?range=all`);
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export filtered events' });
  const start = dialog.locator('button[type="submit"]');
  await expect(
    dialog.getByText(
      `Too many rows: ${(ACME_EVENTS - 50_000).toLocaleString('en')} over the limit`,
    ),
  ).toBeVisible();
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel(/^Row limit/).fill('2000');
  await expect(start).toHaveText('Continue…');
  await expect(start).not.toHaveAttribute('aria-disabled', 'true');
  await start.click();
  await expect(dialog.getByText('This export has 2,000 rows')).toBeVisible();
  await expect(start).toHaveText('Export 2,000 rows');
  await expectAccessible(page, { within: '[role="dialog"]' });
  // A confirmation for 2,000 rows does not count for more rows.
  await dialog.getByLabel(/^Row limit/).fill('3000');
  await expect(start).toHaveText('Continue…');
  await start.click();
  await start.click();
  await expect(page.getByText('Export finished', { exact: true })).toBeVisible(MOVED);
  await page.getByRole('link', { name: 'View', exact: true }).click();
  await expect(drawerOf(page).getByText('Truncated at 3,000 rows (row limit)')).toBeVisible();
});

test('the command shown by the empty explorer sends the first event of a new company with a key created in settings', async ({
  openPage,
  parts,
  product,
}) => {
  const { stdout } = await run(
    'node_modules/.bin/exhibit',
    // Split, because the formatter would put each option on its own line.
    'companies create --name Newcomer --region us --owner-email nina@newcomer.example --json'.split(
      ' ',
    ),
    { env: { ...process.env, ...parts.environment, DASHBOARD_URL: product.url } },
  );
  const { invitation } = JSON.parse(stdout) as { invitation: { url: string } };
  const page = await openPage({ theme: 'dark' });
  await page.goto(invitation.url);
  await page.getByLabel('Your name').fill('Nina Newcomer');
  await page.getByLabel('Password').fill('long enough to be one');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Copy command' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  for (const [path, heading] of [
    ['/exports', 'No exports yet'],
    ['/exports/templates', 'No templates yet'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await expectAccessible(page);
  }
  await page.goto('/settings/api-keys');
  await page.getByRole('button', { name: 'New key…' }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill('First events');
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  const key = await page
    .getByRole('dialog')
    .getByText(/^exh_us_/)
    .innerText();
  const env = {
    ...process.env,
    EXHIBIT_API_KEY: key.trim(),
  };
  const { stdout: answer } = await run('bash', ['-c', command], { env });
  expect(JSON.parse(answer)).toMatchObject({ id: expect.anything() });
  await page.goto('/events');
  await expect(page.getByText('ana@example.com')).toBeVisible();
});

test('a slow api shows placeholders, an unavailable api shows an error, and Try again recovers on the same page', async ({
  openPage,
  parts,
}) => {
  const page = await openPage({
    as: 'owner',
    // React logs the errors caught by the page's boundary to the console.
    expectedProblems: [/answer: 50[023]/, /console: ApiProblem: Something went wrong/],
  });
  await page.goto('/settings');
  parts.api.freeze();
  try {
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await expect(page.getByRole('status', { name: 'Loading events' })).toBeVisible();
  } finally {
    parts.api.thaw();
  }
  await page.goto('/events?range=all');
  await expect(page.locator('tbody tr[aria-rowindex]').first()).toBeVisible();
  await parts.api.end('SIGTERM');
  try {
    for (const [path, title] of [
      ['/exports', "Couldn't load the exports"],
      ['/exports/templates', "Couldn't load the templates"],
      ['/events?range=all', "Couldn't load the events"],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole('alert')).toContainText(title);
      await expect(page.getByRole('button', { name: 'Copy request ID' }).first()).toBeVisible();
      await expectAccessible(page);
    }
  } finally {
    await parts.api.start();
  }
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.goto('/exports');
  const shown = page.getByRole('button', { name: 'Status' });
  await expect(shown).toBeVisible();

  // A failure of data that every page needs: the error page shows the request ID and can retry.
  const database = new pg.Client({ connectionString: parts.environment['DASHBOARD_DATABASE_URL'] });
  await database.connect();
  try {
    await database.query('ALTER TABLE workspaces RENAME TO workspaces_away');
    await page.reload();
    await expect(page.getByText(/^Request [0-9a-f-]{36}/)).toBeVisible();
    await expectAccessible(page);
  } finally {
    await database.query('ALTER TABLE workspaces_away RENAME TO workspaces');
    await database.end();
  }
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(shown).toBeVisible();
});

test('the browser saves 300 MB with the same bytes as the api serves, without its memory growing by that size', async ({
  openPage,
  browser,
  parts,
  product,
}) => {
  const company = product.demo.companies.find(({ name }) => name === 'Globex');
  const jobId = await parts.storeLargeExport(310_000);
  const page = await openPage({ as: 'globex' });
  await page.goto(`/exports/${jobId}`);
  const link = drawerOf(page).getByRole('link', { name: 'Download' });
  await expect(link).toBeVisible();
  const growth = await watchMemory(browser);
  const saving = page.waitForEvent('download');
  await link.click();
  const path = await (await saving).path();
  const { renderer, browser: own } = growth();
  expect(renderer).toBeLessThan(40_000_000);
  expect(own).toBeLessThan(80_000_000);
  const api = await fetch(`${product.apiUrl}/v1/exports/${jobId}/download`, {
    headers: { authorization: `Bearer ${company?.apiKeys.company}` },
  });
  if (api.body === null) throw new Error('the api has no file');
  const [saved, direct] = await Promise.all([sha256Of(createReadStream(path)), sha256Of(api.body)]);
  const job = await awaitJob(page.request, jobId, 'succeeded');
  expect(saved).toEqual({ bytes: 310_000_000, sha256: job.sha256 });
  expect(direct).toEqual(saved);
});

async function sha256Of(
  source: Readable | ReadableStream<Uint8Array>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(source, async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

test('a region without the migrations reports that, everything else works, and after migrating it recovers without a restart', async ({
  openPage,
  parts,
}) => {
  const page = await openPage({ as: 'globex', theme: 'dark' });
  await page.goto('/exports/templates');
  await expect(page.getByText(/20260514120000_export_templates/)).toBeVisible();
  const add = page.getByRole('button', { name: 'New template…' });
  await expect(add).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await page.goto('/events?range=all');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await expect(page.getByText(/20260216120000_saved_explorer_views/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Save view' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  const jobId = await askForExport(page.request);
  await awaitJob(page.request, jobId, 'succeeded');
  await page.goto(`/exports/${jobId}`);
  await expect(drawerOf(page).getByText(/^Complete: 0 rows/)).toBeVisible();
  await parts.migrateEu();
  await page.goto('/exports/templates');
  await expect(page.getByRole('heading', { name: 'No templates yet' })).toBeVisible();
  await page.goto('/events?range=all');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await expect(page.getByText('No saved views yet.')).toBeVisible();
});
