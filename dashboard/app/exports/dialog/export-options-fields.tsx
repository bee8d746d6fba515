import type { Capabilities, Compression, CsvOptions, ExportFormat } from '../../api/exports.ts';
import { hasReceiptColumns, withReceiptColumns } from '../receipt-columns.ts';
import { Checkbox } from '../../ui/form/checkbox.tsx';
import { Field, Select } from '../../ui/form/field.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';

export interface FormatOptions {
  readonly format: ExportFormat;
  readonly compression: Compression;
  readonly csv: CsvOptions;
}

export const DEFAULT_OPTIONS: FormatOptions = {
  format: 'JSONL',
  compression: 'none',
  csv: { formulaGuard: true, bom: false },
};

const FORMAT_WORDS = {
  JSONL: 'One JSON object per line, each event exactly as received. Best for scripts and archives.',
  CSV: 'Table with a header row; metadata is one JSON column. Best for spreadsheets.',
} as const;

interface ExportOptionsFieldsProps {
  readonly options: FormatOptions;
  readonly onChange: (options: FormatOptions) => void;
  readonly capabilities?: Capabilities | undefined;
}

/** Format, compression and the options for spreadsheets. */
export function ExportOptionsFields({ options, onChange, capabilities }: ExportOptionsFieldsProps) {
  const { format, compression, csv } = options;
  const unsupported =
    capabilities?.formats[format].supported === false ? capabilities.formats[format].reason : null;
  return (
    <div className="grid gap-4">
      <div className="grid gap-1">
        <span className="text-sm font-medium">Format</span>
        <Segmented
          label="Format"
          value={format}
          options={[
            { value: 'JSONL', label: 'JSONL' },
            { value: 'CSV', label: 'CSV' },
          ]}
          onChange={(next) => onChange({ ...options, format: next })}
        />
        <p className="text-xs text-muted">{unsupported ?? FORMAT_WORDS[format]}</p>
      </div>
      {format === 'CSV' && (
        <fieldset className="grid gap-2">
          <legend className="mb-1 text-sm font-medium">For spreadsheets</legend>
          <Checkbox
            label="Prevent formulas in spreadsheets"
            hint="Adds ' before cells starting with = + - @ or '. Remove one ' to get the original. Keep this on if people will open the file."
            checked={csv.formulaGuard}
            onChange={(formulaGuard) => onChange({ ...options, csv: { ...csv, formulaGuard } })}
          />
          <Checkbox
            label="Add UTF-8 byte order mark"
            hint="Lets Excel display accented characters. Other programs don't need it."
            checked={csv.bom}
            onChange={(bom) => onChange({ ...options, csv: { ...csv, bom } })}
          />
          <Checkbox
            label="Add time received and API key"
            hint="Adds the columns receivedAt, apiKeyId and apiKeyLabel. They are empty for events received before Exhibit recorded this."
            checked={hasReceiptColumns(csv)}
            onChange={(added) => onChange({ ...options, csv: withReceiptColumns(csv, added) })}
          />
        </fieldset>
      )}
      <Field label="Compression">
        <Select
          className="w-full"
          value={compression}
          onChange={({ target }) =>
            onChange({
              ...options,
              compression: COMPRESSIONS.find(([value]) => value === target.value)?.[0] ?? 'none',
            })
          }
        >
          {COMPRESSIONS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

const COMPRESSIONS = [
  ['none', 'None'],
  ['gzip', 'gzip (most compatible)'],
  ['zstd', 'zstd (smaller, faster; needs zstd)'],
] as const satisfies readonly (readonly [Compression, string])[];
