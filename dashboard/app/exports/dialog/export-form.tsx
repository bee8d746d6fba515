import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventQuery } from '../../api/event-query.ts';
import { capabilitiesQuery, estimateQuery, type NewExport } from '../../api/exports.ts';
import { viewQuery } from '../../api/presets.ts';
import { isGone } from '../../api/problem.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Field, TextInput } from '../../ui/form/field.tsx';
import { showExportStartedToast } from '../follow/export-started-toast.tsx';
import { ExportEstimate } from './export-estimate.tsx';
import {
  DEFAULT_OPTIONS,
  ExportOptionsFields,
  type FormatOptions,
} from './export-options-fields.tsx';
import type { ExportStart } from './export-start.ts';
import { FilterEditor } from './filter-editor.tsx';
import { FilterSummary } from '../filter-summary.tsx';
import { filtersOverView } from './merge-with-view.ts';
import { SaveAsTemplate } from './save-as-template.tsx';
import { LargeExportQuestion, useStartWhenCounted } from './start-when-counted.tsx';
import { useCreateExport } from './use-create-export.ts';
import { WhenPossible } from './when-possible.tsx';

const PURPOSE_LENGTH = 500;

interface ExportFormProps {
  readonly start: ExportStart;
  readonly onClose: () => void;
}

export function ExportForm({ start, onClose }: ExportFormProps) {
  const title = start.title ?? 'Export filtered events';
  return (
    <WhenPossible title={title} onClose={onClose}>
      <ReadyForm title={title} start={start} onClose={onClose} />
    </WhenPossible>
  );
}

function ReadyForm({ title, start, onClose }: ExportFormProps & { readonly title: string }) {
  const me = useMe();
  const { data: capabilities } = useQuery(capabilitiesQuery);
  const [options, setOptions] = useState<FormatOptions>(() => ({
    ...DEFAULT_OPTIONS,
    ...optionsOf(start),
  }));
  const [query, setQuery] = useState(() => inScope(start.query, me));
  const [limitText, setLimitText] = useState(start.limit === undefined ? '' : String(start.limit));
  const [purpose, setPurpose] = useState(start.purpose ?? '');
  const limit = limitText === '' ? undefined : Number(limitText);
  const limitIsWrong = limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1);
  const wanted = {
    format: options.format,
    compression: options.compression,
    ...(options.format === 'CSV' && { csv: options.csv }),
  };
  const matching = useQuery({
    ...estimateQuery({ ...wanted, filters: query }),
    placeholderData: keepPreviousData,
  });
  const view = useQuery({
    ...viewQuery(start.savedViewId ?? ''),
    enabled: start.savedViewId !== undefined,
    retry: false,
  });
  // A deleted view can't be referenced; its filters are already part of the query.
  const savedView = isGone(view.error) ? undefined : view.data;
  const create = useCreateExport((job) => {
    showExportStartedToast(job);
    onClose();
  });
  const createJob = () => {
    const request: NewExport = {
      ...wanted,
      ...(limit !== undefined && { limit }),
      ...(purpose.trim() !== '' && { purpose: purpose.trim() }),
      ...(savedView === undefined
        ? { filters: query }
        : { savedExplorerViewId: savedView.id, filters: filtersOverView(query, savedView.query) }),
    };
    create.mutate(request);
  };
  const unsupported = [
    capabilities?.filteredHotExports,
    capabilities?.formats[options.format],
  ].find((capability) => capability?.supported === false);
  const { estimate, ...starting } = useStartWhenCounted({
    request: {
      ...wanted,
      filters: query,
      ...(limit !== undefined && !limitIsWrong && { limit }),
    },
    about: { query, limit },
    reason: unsupported
      ? unsupported.reason
      : limitIsWrong
        ? 'The row limit must be a whole number, 1 or more'
        : view.isLoading
          ? 'Loading the saved view'
          : null,
    start: createJob,
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      onSubmit={starting.press}
      footer={
        <>
          <SaveAsTemplate query={query} options={options} onLeave={onClose} />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={create.isPending || starting.isWaiting}
            disabledReason={starting.disabledReason}
          >
            {starting.buttonLabel}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        <ExportEstimate
          estimate={estimate}
          shownRows={start.shownRows}
          matchingRows={matching.data?.rows}
        />
        {start.editable === true ? (
          <FilterEditor query={query} onChange={setQuery} />
        ) : (
          <FilterSummary query={query} />
        )}
        <ExportOptionsFields options={options} onChange={setOptions} capabilities={capabilities} />
        <Field
          label="Row limit (optional)"
          hint="Exports only the oldest events up to this number and marks the file as truncated."
          error={limitIsWrong ? 'Enter a whole number, 1 or more' : null}
        >
          <TextInput
            inputMode="numeric"
            value={limitText}
            onChange={({ target }) => setLimitText(target.value.trim())}
          />
        </Field>
        <Field
          label="Purpose or ticket (optional)"
          hint="Saved with the export and in the evidence."
        >
          <TextInput
            maxLength={PURPOSE_LENGTH}
            placeholder="e.g. SOC 2 review, AUD-142"
            value={purpose}
            onChange={({ target }) => setPurpose(target.value)}
          />
        </Field>
        <LargeExportQuestion question={starting.question} />
        {create.error && <ProblemNotice title="Couldn't start the export" error={create.error} />}
      </div>
    </Dialog>
  );
}

/** Restricts a member's export to one of their workspaces. */
function inScope(
  query: EventQuery,
  { permissions, workspaces }: ReturnType<typeof useMe>,
): EventQuery {
  const [first] = workspaces;
  if (permissions.companyWide || query.workspaceIds !== undefined || first === undefined)
    return query;
  return { ...query, workspaceIds: [first.id] };
}

function optionsOf({ format, compression, csv }: ExportStart): Partial<FormatOptions> {
  return { ...(format && { format }), ...(compression && { compression }), ...(csv && { csv }) };
}
