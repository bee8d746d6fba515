import { expect, test } from 'vitest';
import type { ExportOptions } from '../export-options.ts';
import { exportRequest } from './export-request.ts';

const filtersOf = async (options: Partial<ExportOptions>) => {
  const request = await exportRequest(
    { format: 'jsonl', compression: 'none', formulaGuard: true, ...options },
    new Map(),
  );
  return request.filters;
};

test('--through includes the named day and --to excludes it', async () => {
  expect(await filtersOf({ from: '2026-07-01', through: '2026-09-30' })).toEqual({
    from: '2026-07-01T00:00:00Z',
    to: '2026-10-01T00:00:00Z',
  });
  expect(await filtersOf({ from: '2026-07-01', to: '2026-09-30' })).toEqual({
    from: '2026-07-01T00:00:00Z',
    to: '2026-09-30T00:00:00Z',
  });
  expect(await filtersOf({ through: '2026-12-31' })).toEqual({ to: '2027-01-01T00:00:00Z' });
  expect(await filtersOf({ through: '2028-02-28' })).toEqual({ to: '2028-02-29T00:00:00Z' });
});

test.each(['2026-02-31', '2026-9-30', '2026-09-30T12:00:00Z', 'yesterday', ''])(
  'rejects --through %j because it is not a date',
  async (through) => {
    await expect(filtersOf({ through })).rejects.toThrow('is not a date');
  },
);

test('rejects --to together with --through', async () => {
  await expect(filtersOf({ to: '2026-09-30', through: '2026-09-30' })).rejects.toThrow('not both');
});
