import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixture.ts';
import { EVERYBODY, PEOPLE } from './sign-in.ts';
import { watchPage } from './watch-page.ts';

test.for(EVERYBODY)(
  'a page opened as %s is signed in from the first request',
  async (who, { openPage }) => {
    const page = await openPage({ as: who });
    const answer = await page.request.get('/api/me');
    expect(await answer.json()).toMatchObject({
      company: { name: PEOPLE[who].company },
      role: PEOPLE[who].role,
    });
    await page.goto('/');
    await expect(page).toHaveTitle(/Exhibit/);
  },
);

test('a page without a session is not signed in', async ({ openPage }) => {
  const page = await openPage();
  expect((await page.request.get('/api/me')).status()).toBe(401);
});

test('ending a separate session does not end the shared session', async ({ openPage }) => {
  const own = await openPage({ as: 'admin', ownSession: true });
  expect((await own.request.post('/api/auth/sign-out')).ok()).toBe(true);
  expect((await own.request.get('/api/me')).status()).toBe(401);
  const shared = await openPage({ as: 'admin' });
  expect((await shared.request.get('/api/me')).status()).toBe(200);
});

/** Serves a made-up page with a strict content security policy, to test the harness. */
async function showPage(page: Page, body: string): Promise<void> {
  await page.route('**/made-up', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': "script-src 'none'" },
      body: `<!doctype html><html lang="en"><title>Made up</title><main><h1>Made up</h1>${body}</main>`,
    }),
  );
  await page.goto('/made-up');
}

test('the harness reports policy violations, uncaught errors and status 500, but not status 404', async ({
  openPage,
}) => {
  const page = await openPage({ expectedProblems: [/./] });
  const problems = watchPage(page);
  await page.route('**/broken', (route) => route.fulfill({ status: 500 }));
  await showPage(page, '<script>document.title = "run"</script>');
  await page.evaluate(async () => {
    await fetch('/broken');
    await fetch('/api/nothing-here');
    setTimeout(() => {
      throw new Error('nobody catches this');
    });
  });
  await expect.poll(problems).toHaveLength(3);
  expect(problems()).toEqual([
    expect.stringMatching(/^console: .*Content Security Policy/),
    expect.stringMatching(/^answer: 500 GET .*\/broken$/),
    expect.stringMatching(/^uncaught: Error: nobody catches this/),
  ]);
});

test('the accessibility check fails for a button without a name and passes with one', async ({
  openPage,
}) => {
  const page = await openPage({ expectedProblems: [/./] });
  await showPage(page, '<button>Export</button>');
  await expectAccessible(page);
  await showPage(page, '<button></button>');
  await expect(expectAccessible(page)).rejects.toThrow('Buttons must have discernible text');
});
