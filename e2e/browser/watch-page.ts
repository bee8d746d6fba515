import type { Page } from '@playwright/test';

/**
 * Collects what must not happen on any page: errors on the console (violations of the content security policy
 * are among them), exceptions nobody caught, answers of 500 and above.
 * @returns what happened so far, a line each, without what matches `expected`
 */
export function watchPage(page: Page, expected: readonly RegExp[] = []): () => readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The browser itself reports every 4xx as an error. Those are answers a page handles; 5xx are below.
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
