// The table of CSV columns shared with the api: a file without imports of server code, bundled into the web app.
export {
  CSV_COLUMNS,
  DEFAULT_CSV_COLUMNS,
  RECEIPT_CSV_COLUMNS,
} from '../../../contract/csv-columns.ts';
