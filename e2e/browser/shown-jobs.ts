import type { Page } from '@playwright/test';

type Job = Readonly<Record<string, unknown>>;

const LONG = `${'a-very-long-local-part-'.repeat(6)}@${'subdomain.'.repeat(4)}example`;

const noFile = {
  bytes: null,
  sha256: null,
  contentSha256: null,
  artifactExpiresAt: null,
  unfinishedPartsRemain: false,
  truncated: false,
  limit: null,
};
const unfinished = { ...noFile, finishedAt: null };

/** Short-lived states, mocked over real jobs for screenshots; the tests of these states produce them for real. */
const JOB_STATES = {
  pending: { ...unfinished, status: 'pending', startedAt: null, rowsExported: 0 },
  running: {
    ...unfinished,
    status: 'running',
    attempt: 2,
    rowsExported: 312_400,
    rowsExpected: 480_210,
  },
  waiting: {
    ...unfinished,
    status: 'pending',
    rowsExported: 0,
    waitingFor: {
      code: 'STORE_UNAVAILABLE',
      reason:
        'The artifact store cannot be reached right now. The export is tried again by itself.',
      since: '2026-01-01T00:00:00.000Z',
      nextTryAt: '2026-01-01T00:01:00.000Z',
    },
  },
  deleted: {
    artifactDeletedAt: '2026-01-02T00:00:00.000Z',
    artifactDeletedBy: { type: 'user', id: 'olivia', label: 'olivia@acme.example' },
  },
  failed: {
    ...noFile,
    status: 'failed',
    attempt: 3,
    rowsExported: 120_000,
    rowsExpected: 480_210,
    failureCode: 'STORE_REFUSED',
    failureSummary: 'The artifact store refused the file. Nothing was kept.',
    retryHint: "Ask an operator to check the artifact store's permissions, then rerun the export.",
  },
  canceled: { ...noFile, status: 'canceled', rowsExported: 120_000, rowsExpected: 480_210 },
  expired: { artifactExpiresAt: '2026-01-01T00:00:00.000Z' },
  long: {
    purpose: 'AUD-142 '.repeat(60),
    requestedBy: { type: 'user', id: 'long', label: LONG },
    rowsExported: 49_999_999,
    bytes: 4_999_999_999_999,
    truncated: true,
    limit: 49_999_999,
  },
} as const satisfies Readonly<Record<string, Job>>;

export type JobState = keyof typeof JOB_STATES;

/** Mocks the list and the details: jobs in these states, followed by the real ones. */
export async function showJobs(page: Page, states: readonly JobState[]): Promise<void> {
  const shown = new Map<string, Job>();
  await page.route('**/api/dashboard/exports?*', async (route) => {
    const list = (await (await route.fetch()).json()) as { data: Job[] };
    const laid = states.map((state, index) => {
      const job = list.data[index % list.data.length];
      // A unique ID, because there may be fewer jobs than states.
      const jobId = `${String(job?.['jobId']).slice(0, -4)}${String(index).padStart(4, '0')}`;
      return { ...job, jobId, ...JOB_STATES[state] };
    });
    const data = [...laid, ...list.data];
    for (const job of data) shown.set(String(job['jobId']), job);
    await route.fulfill({ json: { ...list, data } });
  });
  await page.route(/\/api\/dashboard\/exports\/[0-9a-f-]{36}$/, async (route) => {
    const known = shown.get(route.request().url().slice(-36));
    await (known === undefined ? route.continue() : route.fulfill({ json: known }));
  });
}

/** Opens the details of the first job in the list. */
export async function openFirstJob(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /View export|Succeeded|Running|Failed|Canceled|Pending/ })
    .first()
    .click();
  await page.getByRole('dialog', { name: /^Export/ }).waitFor();
  await page.getByText('Timeline').waitFor();
}
