import { utimes } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { answers, startExhibit } from './start-exhibit.ts';
import { patient } from '../testing/patience.ts';

const SOURCE_OF_THE_API = new URL('../server/src/api/health.ts', import.meta.url);

test(
  'npm run dev serves the web app with hot reload and restarts a process when its source changes',
  async () => {
    const exhibit = await startExhibit(
      { EXHIBIT_DEMO: '1', EXHIBIT_DEMO_EVENTS: '200', DEV_PORT: '0' },
      { args: ['--dev'] },
    );
    try {
      const hotReload = () =>
        /Development server \(hot reload\): (\S+)/.exec(exhibit.output())?.[1];
      await expect.poll(hotReload, { timeout: patient(60_000) }).toBeDefined();
      const url = hotReload() ?? '';
      expect(await (await fetch(url)).text()).toContain('/@vite/client');
      expect((await fetch(`${url}api/me`)).status, 'through to the dashboard').toBe(401);

      const now = new Date();
      await utimes(SOURCE_OF_THE_API, now, now);
      await expect
        .poll(() => exhibit.output(), { timeout: patient(60_000) })
        .toContain('Restarting');
      await expect
        .poll(() => answers(`${exhibit.apiUrl}/health`), { timeout: patient(60_000) })
        .toBe(true);
    } finally {
      await exhibit.stop();
    }
  },
  patient(240_000),
);
