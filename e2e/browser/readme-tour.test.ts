import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './fixture.ts';
import { patient } from '../../testing/patience.ts';

test("every step of the README's browser tour works, up to a verified file", async ({
  openPage,
}) => {
  const page = await openPage();
  const folder = await mkdtemp(join(tmpdir(), 'exhibit-tour-'));
  try {
    await page.goto('/');
    await page.getByLabel('Email').fill('olivia@acme.example');
    await page.getByLabel('Password').fill('exhibit-demo-2026');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByRole('button', { name: 'Time range: Last 24 hours' }).click();
    await page.getByRole('button', { name: 'Last 90 days' }).click();
    await page
      .getByRole('region', { name: 'Events' })
      .getByRole('button', { name: 'auth', exact: true })
      .first()
      .click();
    await expect(page).toHaveURL(/category=auth/);
    await page
      .locator('tbody tr[aria-rowindex]')
      .first()
      .click({ position: { x: 165, y: 18 } });
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('j');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Save view' }).click();
    const name = `README ${crypto.randomUUID().slice(0, 8)}`;
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('button', { name })).toBeVisible();
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('radio', { name: 'CSV' }).click();
    await page.getByLabel(/^Purpose/).fill('README');
    await page.getByRole('button', { name: 'Start export' }).click();
    await page.getByRole('link', { name: 'View', exact: true }).click({ timeout: patient(20_000) });
    const drawer = page.getByRole('dialog', { name: /^Export/ });
    const saving = page.waitForEvent('download');
    await drawer.getByRole('link', { name: 'Download' }).click();
    const download = await saving;
    await download.saveAs(join(folder, download.suggestedFilename()));
    await drawer.getByText('Verify the file').click();
    const check = await drawer.getByText(/shasum -a 256 -c/).innerText();
    // sha256sum is the same where Perl's shasum is not installed.
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-c', check.replace('shasum -a 256', 'sha256sum')],
      { cwd: folder },
    );
    expect(stdout).toContain('OK');
    await page.goto('/evidence');
    // The row is written after the browser has closed the download's connection.
    await expect(async () => {
      await page.reload();
      await expect(
        page.getByRole('row').filter({ hasText: 'Completed a download' }).first(),
      ).toContainText('olivia@acme.example', { timeout: patient(2_000) });
    }).toPass({ timeout: patient(60_000) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
