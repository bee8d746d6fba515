import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type ExportTemplate, type TemplateOverrides, templates } from '../../api/presets.ts';
import { showBeganToast } from '../../exports/began-toast.tsx';
import { ExportOptionsFields, type FormatOptions } from '../../exports/export-options-fields.tsx';
import { FilterSummary } from '../../exports/filter-summary.tsx';
import { began } from '../../exports/use-create-export.ts';
import { relativeRangeText } from '../../events/describe-query.ts';
import { parseRange } from '../../events/event-search.ts';
import { newId } from '../../new-id.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';

const RANGES = [
  '24h',
  '7d',
  '30d',
  '90d',
  'previous:day',
  'previous:week',
  'previous:month',
] as const;

interface RunTemplateDialogProps {
  readonly template: ExportTemplate;
  readonly onClose: () => void;
}

/** Runs a template as it is, or differently this once. */
export function RunTemplateDialog({ template, onClose }: RunTemplateDialogProps) {
  const [jobId] = useState(newId);
  const [range, setRange] = useState('');
  const [purpose, setPurpose] = useState('');
  const [options, setOptions] = useState<FormatOptions>(template);
  const chosen = parseRange(range);
  const query =
    chosen === undefined ? template.query : { ...withoutTime(template.query), range: chosen };
  const run = useMutation({
    mutationFn: () =>
      templates.run(template.id, overridesOf(template, options, chosen, purpose), jobId),
    onSuccess: (job) => {
      began(job);
      showBeganToast(job, `“${template.name}” started`);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Run “${template.name}”`}
      onSubmit={() => run.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={run.isPending}>
            Start export
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <FilterSummary query={query} />
        <Field label="Time" hint="This once; the template stays as it is.">
          <Select
            className="w-full"
            value={range}
            onChange={({ target }) => setRange(target.value)}
          >
            <option value="">As the template says</option>
            {RANGES.map((value) => {
              const parsed = parseRange(value);
              return (
                <option key={value} value={value}>
                  {parsed === undefined ? value : relativeRangeText(parsed)}
                </option>
              );
            })}
          </Select>
        </Field>
        <Field label="Purpose or ticket (optional)">
          <TextInput
            maxLength={500}
            value={purpose}
            onChange={({ target }) => setPurpose(target.value)}
          />
        </Field>
        <Disclosure label={`${formatText(options)}: change it this once`}>
          <ExportOptionsFields options={options} onChange={setOptions} />
        </Disclosure>
        {run.error && (
          <Notice tone="danger" title="The export was not started">
            {run.error.message}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}

/** `CSV, gzip` */
function formatText({ format, compression }: FormatOptions): string {
  return compression === 'none' ? format : `${format}, ${compression}`;
}

function withoutTime({ from: _from, to: _to, range: _range, ...query }: ExportTemplate['query']) {
  return query;
}

/** Only what differs. */
function overridesOf(
  template: ExportTemplate,
  { format, compression, csv }: FormatOptions,
  range: ReturnType<typeof parseRange>,
  purpose: string,
): TemplateOverrides {
  return {
    ...(format !== template.format && { format }),
    ...(compression !== template.compression && { compression }),
    ...(JSON.stringify(csv) !== JSON.stringify(template.csv) && { csv }),
    ...(range !== undefined && { filters: { range } }),
    ...(purpose.trim() !== '' && { purpose: purpose.trim() }),
  };
}
