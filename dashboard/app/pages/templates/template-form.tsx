import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventQuery } from '../../api/event-query.ts';
import {
  DESCRIPTION_LENGTH,
  type ExportTemplate,
  NAME_LENGTH,
  type TemplateDraft,
  templates,
  templatesQuery,
} from '../../api/presets.ts';
import { isProblem } from '../../api/problem.ts';
import { queryClient } from '../../api/query-client.ts';
import {
  ExportOptionsFields,
  type FormatOptions,
} from '../../exports/dialog/export-options-fields.tsx';
import { FilterEditor } from '../../exports/dialog/filter-editor.tsx';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Field, Select, TextArea, TextInput } from '../../ui/form/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ViewChoice } from '../exports/view-choice.tsx';

/** The initial values of the form. */
export interface TemplateStart extends FormatOptions {
  readonly name: string;
  readonly description: string;
  readonly query: EventQuery;
  readonly workspaceId: string | null;
}

interface TemplateFormProps {
  /** The template that is edited; undefined makes a new one. */
  readonly template?: ExportTemplate | undefined;
  readonly start: TemplateStart;
  readonly onClose: () => void;
  readonly onSaved: (template: ExportTemplate) => void;
}

export function TemplateForm({ template, start, onClose, onSaved }: TemplateFormProps) {
  const me = useMe();
  const [name, setName] = useState(start.name);
  const [description, setDescription] = useState(start.description);
  const [query, setQuery] = useState(start.query);
  const [options, setOptions] = useState<FormatOptions>({
    format: start.format,
    compression: start.compression,
    csv: start.csv,
  });
  const [place, setPlace] = useState(
    start.workspaceId ?? (me.permissions.companyWide ? '' : (me.workspaces[0]?.id ?? '')),
  );
  const workspaceId = place === '' ? null : place;
  const placed = workspaceId === null ? query : { ...query, workspaceIds: [workspaceId] };
  const draft: TemplateDraft = {
    ...options,
    name: name.trim(),
    description: description.trim(),
    query: placed,
    ...(template?.workspaceId !== workspaceId && { workspaceId }),
  };
  const save = useMutation({
    mutationFn: (version: number | undefined) =>
      template === undefined
        ? templates.create(draft)
        : templates.update(template.id, version ?? template.version, draft),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
      onSaved(saved);
    },
    // Reload the list, so that it shows the other person's version when this form is closed.
    onError: (error) => {
      if (isProblem(error, 'VERSION_CONFLICT', 'NOT_FOUND'))
        void queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
    },
  });
  const { error } = save;
  const conflict = isProblem(error, 'VERSION_CONFLICT')
    ? Number(error.members['currentVersion'])
    : undefined;
  const nameError = isProblem(error, 'NAME_TAKEN')
    ? 'A template with this name already exists.'
    : null;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={template === undefined ? 'New template' : 'Edit template'}
      description="A saved filter with export options. Relative dates are resolved when the template runs."
      onSubmit={() => save.mutate(undefined)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {conflict === undefined ? (
            <Button
              type="submit"
              variant="primary"
              busy={save.isPending}
              disabledReason={name.trim() === '' ? 'Enter a name first' : null}
            >
              Save template
            </Button>
          ) : (
            <Button variant="danger" busy={save.isPending} onClick={() => save.mutate(conflict)}>
              Overwrite their version
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="Name" hint={`${name.length} of ${NAME_LENGTH}`} error={nameError}>
          <TextInput
            autoFocus
            maxLength={NAME_LENGTH}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Field label="Description (optional)">
          <TextArea
            rows={2}
            maxLength={DESCRIPTION_LENGTH}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        </Field>
        <Field
          label="Visible to"
          hint={
            me.permissions.companyWide
              ? 'Anyone with access to this workspace can run it.'
              : 'Members create templates in their own workspaces. Only owners, admins and billing can create company-wide templates.'
          }
        >
          <Select
            className="w-full"
            value={place}
            onChange={({ target }) => setPlace(target.value)}
          >
            {me.permissions.companyWide && <option value="">Whole company</option>}
            {me.workspaces.map(({ id, name: workspace }) => (
              <option key={id} value={id}>
                {workspace}
              </option>
            ))}
          </Select>
        </Field>
        {template === undefined && <ViewChoice onChoose={(view) => setQuery(view.query)} />}
        <FilterEditor
          query={placed}
          inPlace={workspaceId !== null}
          onChange={(next) => {
            const { workspaceIds: shown, ...rest } = next;
            // The place's workspace is not the filter's own.
            const own = workspaceId === null ? shown : query.workspaceIds;
            setQuery({ ...rest, ...(own && { workspaceIds: own }) });
          }}
        />
        <ExportOptionsFields options={options} onChange={setOptions} />
        {conflict !== undefined ? (
          <Notice tone="warning" title="Someone else edited this template">
            Close this dialog to see their version, or overwrite it with yours.
          </Notice>
        ) : (
          error &&
          nameError === null && <ProblemNotice title="Couldn't save the template" error={error} />
        )}
      </div>
    </Dialog>
  );
}
