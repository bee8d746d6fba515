import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { patient } from './testing/patience.ts';
import { listTestFiles } from './testing/test-tiers.ts';
import { SlowFirst } from './vitest.sequencer.ts';

// Workers and the processes they start inherit it: compiled modules are kept from file to file and run to run.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'exhibit-test-compile-cache');

const files = listTestFiles();
const shared = {
  // Each file owns cloned databases, processes or a browser: isolation by process, few at a time on two cores.
  pool: 'forks',
  maxWorkers: 3,
  hookTimeout: patient(60_000),
  testTimeout: patient(60_000),
  expect: { poll: { timeout: patient(5_000) } },
} as const;
const withDatabase = { ...shared, globalSetup: ['testing/global-setup.ts'] };

export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: SlowFirst },
    // The tiers, by what a test imports: testing/test-tiers.ts. A project's global setup runs only if one of its tests
    // is selected.
    projects: [
      // These tests share no state through modules, so that a worker keeps what it has loaded: the tests with a
      // database take less than half the time.
      { test: { ...shared, name: 'unit', include: files.unit, isolate: false } },
      { test: { ...withDatabase, name: 'database', include: files.database, isolate: false } },
      { test: { ...withDatabase, name: 'system', include: files.system } },
      {
        test: {
          ...shared,
          name: 'browser',
          include: files.browser,
          globalSetup: ['e2e/browser/global-setup.ts'],
          maxWorkers: 2,
          // A worker keeps its browser from file to file.
          isolate: false,
          // After the others: what is measured in a browser must not share the cores with everything else.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
