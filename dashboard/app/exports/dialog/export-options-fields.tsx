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
  JSONL: 'One JSON object a line, each event exactly as it was sent. For programs and archives.',
  CSV: 'A table with a header, metadata as JSON in one column. For spreadsheets.',
} as const;

interface ExportOptionsFieldsProps {
  readonly options: FormatOptions;
  readonly onChange: (options: FormatOptions) => void;
  readonly capabilities?: Capabilities | undefined;
}

/** Format, compression and what a spreadsheet needs. */
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
            label="Excel-safe: no cell runs as a formula"
            hint="A cell that begins with = + - @ or ' gets one leading ', which taking one away undoes. Leave it on when people open the file."
            checked={csv.formulaGuard}
            onChange={(formulaGuard) => onChange({ ...options, csv: { ...csv, formulaGuard } })}
          />
          <Checkbox
            label="Mark as UTF-8 for Excel"
            hint="Writes a byte order mark first; Excel then shows accents right. Other programs do not need it."
            checked={csv.bom}
            onChange={(bom) => onChange({ ...options, csv: { ...csv, bom } })}
          />
          <Checkbox
            label="Add when and with which API key each event was received"
            hint="Three more columns: receivedAt, apiKeyId and apiKeyLabel. Empty for events received before this was recorded."
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
  ['gzip', 'gzip: opens everywhere'],
  ['zstd', 'zstd: smaller and faster, needs zstd to open'],
] as const satisfies readonly (readonly [Compression, string])[];
