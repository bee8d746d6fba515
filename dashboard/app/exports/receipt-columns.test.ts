import { expect, test } from 'vitest';
import { DEFAULT_CSV_COLUMNS } from './csv-columns.ts';
import { hasReceiptColumns, withReceiptColumns } from './receipt-columns.ts';

const CSV = { formulaGuard: true, bom: false };

test('adding and then removing the receipt columns restores the default columns', () => {
  const added = withReceiptColumns(CSV, true);
  expect(added.columns).toEqual([...DEFAULT_CSV_COLUMNS, 'receivedAt', 'apiKeyId', 'apiKeyLabel']);
  expect([hasReceiptColumns(CSV), hasReceiptColumns(added)]).toEqual([false, true]);
  expect(withReceiptColumns(added, false)).toEqual(CSV);
});

test("the receipt columns keep the order of a template's other columns", () => {
  const csv = { ...CSV, columns: ['action', 'id'] as ('action' | 'id')[] };
  const added = withReceiptColumns(csv, true);
  expect(added.columns).toEqual(['action', 'id', 'receivedAt', 'apiKeyId', 'apiKeyLabel']);
  expect(withReceiptColumns(added, false)).toEqual(csv);
});
