import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import type { FilterField } from '../contract/filter-fields.ts';
import type { Me } from '../dashboard/app/api/me.ts';

/** The row that this file adds to the table of filters; nothing else in the product knows it. */
const DEVICE: FilterField = {
  field: 'deviceIds',
  single: 'deviceId',
  values: 'text',
  description: 'Events from any of these devices.',
  label: 'Device',
  parameter: 'device',
  aliases: ['machine'],
  menu: { position: 10, label: 'Device ID' },
  workerVersion: 7,
  option: { name: 'deviceId', value: 'id', help: 'from this device' },
};

vi.mock(import('../contract/filter-fields.ts'), async (importOriginal) => {
  const original = await importOriginal();
  return { FILTER_FIELDS: [...original.FILTER_FIELDS, DEVICE] as never };
});

const QUERY = { version: 1, deviceIds: ['d1', 'd2'] };

test('a filter field added to the table is accepted as a list and in its short form', async () => {
  const { parseEventQuery } = await import('../server/src/events/query/parse-event-query.ts');
  expect(parseEventQuery({ deviceIds: [' d2 ', 'd1', 'd2'] })).toEqual(QUERY);
  expect(parseEventQuery({ deviceId: 'd1' })).toEqual({ version: 1, deviceIds: ['d1'] });
  expect(() => parseEventQuery({ deviceIds: [], deviceId: 'd1' })).toThrow(/filters/);
  expect(() => parseEventQuery({ deviceId: 'x'.repeat(257) })).toThrow(/filters/);
});

test('a filter field added to the table is a documented query parameter of /v1', async () => {
  const { eventQueryParameters, parseQueryString } = await import(
    '../server/src/events/query/event-query-string.ts'
  );
  expect(parseQueryString({ deviceId: ['d2', 'd1'] })).toEqual(QUERY);
  expect(parseQueryString({ deviceIds: ['d2', 'd1'] })).toEqual(QUERY);
  expect(eventQueryParameters['deviceIds']?.description).toContain('any of these devices');
});

test('a filter field added to the table is cleared by null and known in stored documents', async () => {
  const { parseOverlay } = await import('../server/src/exports/request/merge-filters.ts');
  expect([...parseOverlay({ deviceId: null }).cleared]).toEqual(['deviceIds']);
  const { unknownFilterParts } = await import('../server/src/exports/request/unknown-filters.ts');
  expect(unknownFilterParts(QUERY)).toEqual([]);
});

test('an export with a filter field added to the table needs the worker version of its row', async () => {
  const { minWorkerVersion } = await import('../server/src/exports/run/worker-version.ts');
  expect(minWorkerVersion(QUERY as never)).toBe(7);
});

test('a filter field without SQL throws instead of selecting too many events', async () => {
  const { eventFilter } = await import('../server/src/events/query/event-filter.ts');
  const scope = { companyId: 'c', workspaceIds: ['w'] };
  expect(() => eventFilter(QUERY as never, scope)).toThrow('deviceIds has no SQL');
});

test('a filter field added to the table is an option of exhibit export', async () => {
  const { addExportOptions } = await import('../client/src/cli/export-options.ts');
  const { exportRequest } = await import('../client/src/cli/export/export-request.ts');
  const command = addExportOptions(new Command());
  expect(command.helpInformation()).toMatch(/--device-id <id> +from this device/);
  command.parse(['--device-id', 'd1', '--device-id', 'd2'], { from: 'user' });
  const { filters } = await exportRequest(command.opts(), new Map());
  expect(filters).toEqual({ deviceIds: ['d1', 'd2'] });
});

test('a filter field added to the table is a URL parameter, a label and a menu entry of the dashboard', async () => {
  const { checkEventSearch, queryOfSearch, searchOfQuery } = await import(
    '../dashboard/app/events/event-search.ts'
  );
  const search = { device: ['d1', 'd2'], range: 'all' };
  expect(checkEventSearch(search)).toEqual({ search, ignored: [] });
  expect(queryOfSearch(search, OWNER)).toEqual(QUERY);
  expect(searchOfQuery(QUERY as never)).toEqual(search);
  expect(checkEventSearch({ machine: 'd1' }).ignored[0]?.reason).toContain('Did you mean device?');
  const { describeQuery } = await import('../dashboard/app/events/describe-query.ts');
  const phrases = describeQuery(QUERY as never, { zone: 'UTC', workspaceName: String });
  expect(phrases[0]).toEqual({ field: 'deviceIds', name: 'Device', value: 'd1 or d2' });
  const { MENU_FILTERS } = await import('../dashboard/app/pages/events/filters/filter-names.ts');
  expect(MENU_FILTERS.at(-1)).toMatchObject({ parameter: 'device', label: 'Device ID' });
});

const OWNER: Me = {
  user: { id: 'u', email: 'owner@acme.test', name: 'Owner' },
  company: { id: 'c', name: 'Acme', region: 'eu' },
  region: 'eu',
  role: 'OWNER',
  workspaces: [],
  permissions: { administer: true, companyWide: true },
  apiUrl: 'http://127.0.0.1:4600',
  maxDownloadBytes: 1,
  confirmRows: 1,
};
