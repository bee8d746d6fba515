import type { Page } from '@playwright/test';

/**
 * Collects problems that no page may have: console errors (including violations of the content security policy),
 * uncaught exceptions, and responses with status 500 or above.
 * @returns the problems so far, one line each, except those that match `expected`
 */
export function watchPage(page: Page, expected: readonly RegExp[] = []): () => readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // Chromium logs every 4xx response as an error. Pages handle these; 5xx are collected below.
    if (message.text().startsWith('Failed to load resource: the server responded')) return;
    problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('response', (response) => {
    if (response.status() < 500) return;
    problems.push(`answer: ${response.status()} ${response.request().method()} ${response.url()}`);
  });
  return () => problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
}
