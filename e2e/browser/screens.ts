import type { Page } from '@playwright/test';
import type { Product } from './product.ts';
import { openFirstJob, showJobs } from './shown-jobs.ts';
import type { Who } from './sign-in.ts';

export interface Screen {
  /** Name of the file: `NAME.THEME.WIDTH.png`. */
  readonly name: string;
  readonly path: string;
  /** Not signed in if omitted. */
  readonly as?: Who;
  /** Runs before the page is opened, to mock slow or failing responses. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** The screen shows the loading state, so don't wait for it to end. */
  readonly busy?: boolean;
  /** Expected problems of the page. */
  readonly problems?: readonly RegExp[];
  /**
   * Navigates from the loaded page to the state to show, and waits for it. Runs once per theme and width on the same
   * product, so it must be repeatable.
   */
  readonly prepare?: (page: Page, product: Product) => Promise<void>;
}

/** Every page and state of the web app; screenshots are taken in this order. */
export const SCREENS: readonly Screen[] = [
  { name: 'sign-in', path: '/sign-in' },
  {
    name: 'sign-in-refused',
    path: '/sign-in',
    prepare: async (page) => {
      await page.getByLabel('Email').fill('olivia@acme.example');
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'home', path: '/', as: 'owner' },
  { name: 'events', path: '/events?range=30d', as: 'owner' },
  { name: 'events-member', path: '/events?range=7d', as: 'member' },
  {
    name: 'event-detail',
    path: '/events?range=30d&category=security',
    as: 'owner',
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^Open |\d{2}:\d{2}:\d{2}/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'events-none-match', path: '/events?range=15m&action=nothing.at.all', as: 'owner' },
  {
    name: 'events-range',
    path: '/events?range=30d',
    as: 'owner',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Time range/ }).click();
      await page.getByRole('grid').waitFor();
    },
  },
  {
    name: 'events-category',
    path: '/events?range=30d',
    as: 'owner',
    prepare: (page) => opened(page, 'Category'),
  },
  {
    name: 'events-failing',
    path: '/events?range=30d',
    as: 'owner',
    problems: [/503/],
    before: (page) => failWith(page, '**/api/dashboard/events?**', 503, 'API_UNAVAILABLE'),
  },
  {
    name: 'events-loading',
    path: '/events?range=30d',
    as: 'owner',
    busy: true,
    before: (page) => page.route('**/api/dashboard/events?**', () => undefined),
  },
  {
    name: 'events-none-ever',
    path: '/events',
    as: 'owner',
    before: async (page) => {
      await page.route('**/api/dashboard/events?**', (route) =>
        route.fulfill({
          json: { data: [], page: 1, pageSize: 50, total: 0, totalExact: true, nextCursor: null },
        }),
      );
      await page.route('**/events/metrics/histogram?**', async (route) => {
        const real = (await (await route.fetch()).json()) as { buckets: object[] };
        const buckets = real.buckets.map((bucket) => ({ ...bucket, count: 0 }));
        await route.fulfill({ json: { ...real, buckets, total: 0 } });
      });
    },
  },
  {
    name: 'events-no-workspace',
    path: '/events',
    as: 'member',
    before: (page) =>
      page.route('**/api/me', async (route) => {
        const me = (await (await route.fetch()).json()) as Record<string, unknown>;
        await route.fulfill({ json: { ...me, workspaces: [] } });
      }),
  },
  {
    name: 'saved-views-unmigrated',
    path: '/events?range=30d',
    as: 'owner',
    before: (page) =>
      page.route('**/api/dashboard/explorer/views?*', (route) =>
        route.fulfill({
          json: { data: [], nextCursor: null },
          headers: { 'x-exhibit-schema-drift': 'saved_explorer_views' },
        }),
      ),
    prepare: (page) => opened(page, 'Saved views'),
  },
  {
    name: 'export-dialog-unsupported',
    path: '/events?range=30d',
    as: 'owner',
    before: (page) =>
      page.route('**/api/dashboard/exports/capabilities', async (route) => {
        const real = (await (await route.fetch()).json()) as Record<string, unknown>;
        const reason = 'No export worker is running in this region. Ask an operator to start one.';
        await route.fulfill({
          json: { ...real, filteredHotExports: { supported: false, reason } },
        });
      }),
    prepare: (page) => opened(page, 'Export…'),
  },
  {
    name: 'saved-views',
    path: '/events?range=30d',
    as: 'owner',
    prepare: (page) => opened(page, 'Saved views'),
  },
  {
    name: 'save-view',
    path: '/events?range=30d&category=auth',
    as: 'owner',
    prepare: (page) => opened(page, 'Save view'),
  },
  {
    name: 'export-dialog',
    path: '/events?range=30d&category=auth',
    as: 'owner',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Export…' }).click();
      await page.getByText(/matching events/).waitFor();
    },
  },
  {
    name: 'exports',
    path: '/exports',
    as: 'owner',
    before: (page) =>
      showJobs(page, [
        'running',
        'pending',
        'waiting',
        'failed',
        'canceled',
        'long',
        'expired',
        'deleted',
      ]),
  },
  {
    name: 'exports-loading',
    path: '/exports',
    as: 'owner',
    busy: true,
    before: (page) => page.route('**/api/dashboard/exports?**', () => undefined),
  },
  {
    name: 'exports-failing',
    path: '/exports',
    as: 'owner',
    problems: [/503/],
    before: (page) => failWith(page, '**/api/dashboard/exports?**', 503, 'API_UNAVAILABLE'),
  },
  ...(
    ['running', 'pending', 'waiting', 'failed', 'canceled', 'long', 'expired', 'deleted'] as const
  ).map(
    (state): Screen => ({
      name: `export-${state}`,
      path: '/exports',
      as: 'owner',
      before: (page) => showJobs(page, [state]),
      prepare: openFirstJob,
    }),
  ),
  {
    name: 'cancel-export',
    path: '/exports',
    as: 'owner',
    before: (page) => showJobs(page, ['running']),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name: 'Cancel…' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'delete-file',
    path: '/exports?status=succeeded',
    as: 'owner',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name: 'Delete file…' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'rerun-export',
    path: '/exports',
    as: 'owner',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'More actions' }).first().click();
      await page.getByRole('menuitem', { name: 'Rerun', exact: true }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'export-actions',
    path: '/exports',
    as: 'owner',
    prepare: (page) => opened(page, 'More actions'),
  },
  {
    name: 'export-detail',
    path: '/exports?status=succeeded',
    as: 'owner',
    prepare: async (page) => {
      await page
        .getByRole('link', { name: /Succeeded|View export/ })
        .first()
        .click();
      await page.getByText('Digests').waitFor();
    },
  },
  {
    name: 'new-export',
    path: '/exports',
    as: 'owner',
    prepare: (page) => opened(page, 'New export…'),
  },
  { name: 'exports-none', path: '/exports', as: 'globex' },
  { name: 'templates', path: '/exports/templates', as: 'owner' },
  {
    name: 'new-template',
    path: '/exports/templates',
    as: 'owner',
    prepare: (page) => opened(page, 'New template…'),
  },
  {
    name: 'run-template',
    path: '/exports/templates',
    as: 'owner',
    prepare: (page) => opened(page, 'Run Month end, for finance'),
  },
  { name: 'templates-none', path: '/exports/templates', as: 'globex' },
  { name: 'templates-none-match', path: '/exports/templates?q=nothing+like+this', as: 'owner' },
  { name: 'evidence', path: '/evidence', as: 'owner' },
  {
    name: 'evidence-detail',
    path: '/evidence?type=EXPORT_REQUESTED',
    as: 'owner',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Requested an export' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'evidence-none-match', path: '/evidence?user=nobody@acme.example', as: 'owner' },
  { name: 'evidence-no-access', path: '/evidence', as: 'member' },
  { name: 'settings', path: '/settings', as: 'owner' },
  { name: 'settings-members', path: '/settings/members', as: 'owner' },
  { name: 'settings-workspaces', path: '/settings/workspaces', as: 'owner' },
  { name: 'settings-api-keys', path: '/settings/api-keys', as: 'owner' },
  {
    name: 'new-api-key',
    path: '/settings/api-keys',
    as: 'owner',
    prepare: (page) => opened(page, 'New key…'),
  },
  {
    name: 'keyboard',
    path: '/',
    as: 'owner',
    prepare: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    },
  },
  { name: 'not-found', path: '/nothing/here', as: 'owner' },
];

/** Clicks the first button with that name and waits for the dialog or menu that it opens. */
async function opened(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  await page.locator('[role="dialog"], [role="menu"]').first().waitFor();
  await page.locator('[role="dialog"] [aria-busy="true"]').waitFor({ state: 'detached' });
}

/** Mocks an error response that the real product only sends when a part is down. */
async function failWith(page: Page, url: string, status: number, code: string): Promise<void> {
  const body = {
    type: 'about:blank',
    title: 'The API cannot be reached right now',
    status,
    code,
    detail: 'The API cannot be reached right now. Nothing was lost; try again shortly.',
    requestId: '0190c3f1-7a2e-7000-8000-5f0a9d1c2b3e',
  };
  await page.route(url, (route) =>
    route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify(body) }),
  );
}
