import { defineConfig } from 'vitest/config';
import { patient } from './testing/patience.ts';
import { SlowFirst } from './vitest.sequencer.ts';

// Each file owns cloned databases, processes or a browser: isolation by process, few at a time on two cores.
const shared = {
  pool: 'forks',
  hookTimeout: patient(60_000),
  testTimeout: patient(60_000),
  expect: { poll: { timeout: patient(5_000) } },
} as const;

export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: SlowFirst },
    // A project's global setup runs only if one of its tests is selected.
    projects: [
      {
        test: {
          ...shared,
          name: 'node',
          include: [
            'contract/**/*.test.ts',
            'http-edge/**/*.test.ts',
            'server/src/**/*.test.ts',
            'client/src/**/*.test.ts',
            'dashboard/**/*.test.ts',
            'exhibit/**/*.test.ts',
            'testing/**/*.test.ts',
            'tools/**/*.test.ts',
            'e2e/*.test.ts',
            'bench/**/*.test.ts',
          ],
          globalSetup: ['testing/global-setup.ts'],
          maxWorkers: 3,
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['e2e/browser/*.test.ts'],
          globalSetup: ['e2e/browser/global-setup.ts'],
          maxWorkers: 2,
          // After the others: what is measured in a browser must not share the cores with everything else.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
