import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type EventQuery, exportFilters } from '../../api/event-query.ts';
import { type ExportTemplate, type TemplateOverrides, templates } from '../../api/presets.ts';
import { showExportStartedToast } from '../../exports/follow/export-started-toast.tsx';
import { ExportEstimate } from '../../exports/dialog/export-estimate.tsx';
import {
  ExportOptionsFields,
  type FormatOptions,
} from '../../exports/dialog/export-options-fields.tsx';
import { FilterSummary } from '../../exports/filter-summary.tsx';
import {
  LargeExportQuestion,
  useStartWhenCounted,
} from '../../exports/dialog/start-when-counted.tsx';
import { sameTime, type TimeChoice, timeOverlay } from '../../exports/dialog/time-choice.ts';
import { TimeField } from '../../exports/dialog/time-field.tsx';
import { trackNewJob } from '../../exports/dialog/use-create-export.ts';
import { WhenPossible } from '../../exports/dialog/when-possible.tsx';
import { newId } from '../../new-id.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Disclosure } from '../../ui/disclosure.tsx';
import { Field, TextInput } from '../../ui/form/field.tsx';

interface RunTemplateDialogProps {
  readonly template: ExportTemplate;
  readonly onClose: () => void;
}

/** Runs a template, optionally with other options for this run. */
export function RunTemplateDialog({ template, onClose }: RunTemplateDialogProps) {
  const title = `Run “${template.name}”`;
  return (
    <WhenPossible title={title} onClose={onClose}>
      <RunForm title={title} template={template} onClose={onClose} />
    </WhenPossible>
  );
}

function RunForm({
  title,
  template,
  onClose,
}: RunTemplateDialogProps & { readonly title: string }) {
  const [jobId] = useState(newId);
  const [time, setTime] = useState<TimeChoice>(template.query);
  const [purpose, setPurpose] = useState('');
  const [options, setOptions] = useState<FormatOptions>(template);
  const query = { ...withoutTime(template.query), ...definedTime(time) };
  const run = useMutation({
    mutationFn: () =>
      templates.run(template.id, overridesOf(template, options, time, purpose), jobId),
    onSuccess: (job) => {
      trackNewJob(job);
      showExportStartedToast(job, `“${template.name}” started`);
      onClose();
    },
  });
  const { estimate, ...starting } = useStartWhenCounted({
    request: {
      format: options.format,
      compression: options.compression,
      ...(options.format === 'CSV' && { csv: options.csv }),
      filters: exportFilters(query),
    },
    about: query,
    start: run.mutate,
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      onSubmit={starting.press}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={run.isPending || starting.isWaiting}
            disabledReason={starting.disabledReason}
          >
            {starting.buttonLabel}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <ExportEstimate estimate={estimate} shownRows={undefined} matchingRows={undefined} />
        <FilterSummary query={query} />
        <TimeField
          query={query}
          start={template.query}
          startLabel="Template default"
          hint="For this run only."
          onChange={setTime}
        />
        <Field label="Purpose or ticket (optional)">
          <TextInput
            maxLength={500}
            value={purpose}
            onChange={({ target }) => setPurpose(target.value)}
          />
        </Field>
        <Disclosure label={`Options for this run (${formatText(options)})`}>
          <ExportOptionsFields options={options} onChange={setOptions} />
        </Disclosure>
        <LargeExportQuestion question={starting.question} />
        {run.error && <ProblemNotice title="Couldn't start the export" error={run.error} />}
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

function definedTime({ from, to, range }: TimeChoice): EventQuery {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(range !== undefined && { range }),
  };
}

/** Only the differences from the template. */
function overridesOf(
  template: ExportTemplate,
  { format, compression, csv }: FormatOptions,
  time: TimeChoice,
  purpose: string,
): TemplateOverrides {
  return {
    ...(format !== template.format && { format }),
    ...(compression !== template.compression && { compression }),
    ...(JSON.stringify(csv) !== JSON.stringify(template.csv) && { csv }),
    ...(!sameTime(time, template.query) && { filters: timeOverlay(time) }),
    ...(purpose.trim() !== '' && { purpose: purpose.trim() }),
  };
}
