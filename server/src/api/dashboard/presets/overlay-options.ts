import type { CsvColumn } from '../../../../../contract/csv-columns.ts';
import type { ExportOptions } from '../../../exports/presets/preset.ts';

/** Export options, all optional. */
export interface OptionChanges {
  readonly format?: ExportOptions['format'] | undefined;
  readonly compression?: ExportOptions['compression'] | undefined;
  readonly csv?:
    | {
        readonly formulaGuard?: boolean | undefined;
        readonly bom?: boolean | undefined;
        /** null selects the default columns. */
        readonly columns?: readonly CsvColumn[] | null | undefined;
      }
    | undefined;
}

/** Replaces stored options field by field. */
export function overlayOptions(stored: ExportOptions, changes: OptionChanges): ExportOptions {
  const columns = changes.csv?.columns === undefined ? stored.csv.columns : changes.csv.columns;
  return {
    format: changes.format ?? stored.format,
    compression: changes.compression ?? stored.compression,
    csv: {
      formulaGuard: changes.csv?.formulaGuard ?? stored.csv.formulaGuard,
      bom: changes.csv?.bom ?? stored.csv.bom,
      ...(columns === undefined || columns === null ? {} : { columns }),
    },
  };
}
