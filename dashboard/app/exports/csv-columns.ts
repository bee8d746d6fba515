// The one table of CSV columns, which the api uses, too: a pure file, bundled from where it is.
export {
  CSV_COLUMNS,
  DEFAULT_CSV_COLUMNS,
  RECEIPT_CSV_COLUMNS,
} from '../../../contract/csv-columns.ts';
