import type { CsvOptions } from '../api/exports.ts';
import { DEFAULT_CSV_COLUMNS, RECEIPT_CSV_COLUMNS } from './csv-columns.ts';

type ColumnName = NonNullable<CsvOptions['columns']>[number];

function isReceipt(name: ColumnName): boolean {
  return RECEIPT_CSV_COLUMNS.some((receipt) => receipt === name);
}

/** Whether the file contains the time received and the API key of each event. */
export function hasReceiptColumns({ columns }: CsvOptions): boolean {
  return RECEIPT_CSV_COLUMNS.every((name) => columns?.includes(name) === true);
}

/** Adds the receipt columns at the end, or removes them; other columns and their order stay. */
export function withReceiptColumns(csv: CsvOptions, added: boolean): CsvOptions {
  const { columns = [...DEFAULT_CSV_COLUMNS], ...others } = csv;
  const rest = columns.filter((name) => !isReceipt(name));
  if (added) return { ...others, columns: [...rest, ...RECEIPT_CSV_COLUMNS] };
  const isDefault = rest.join() === DEFAULT_CSV_COLUMNS.join();
  return isDefault || rest.length === 0 ? others : { ...others, columns: rest };
}
