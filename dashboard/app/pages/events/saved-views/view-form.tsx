import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { EventQuery } from '../../../api/event-query.ts';
import { isProblem } from '../../../api/problem.ts';
import {
  DESCRIPTION_LENGTH,
  NAME_LENGTH,
  type SavedView,
  type ViewDraft,
  views,
  viewQuery,
  viewsQuery,
} from '../../../api/presets.ts';
import { queryClient } from '../../../api/query-client.ts';
import { FilterSummary } from '../../../exports/filter-summary.tsx';
import { useMe } from '../../../session/session.tsx';
import { ProblemNotice } from '../../../shell/problem-notice.tsx';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/form/checkbox.tsx';
import { Dialog } from '../../../ui/overlay/dialog.tsx';
import { Field, Select, TextArea, TextInput } from '../../../ui/form/field.tsx';
import { Notice } from '../../../ui/notice.tsx';

interface ViewFormProps {
  /** The view that is edited; undefined makes a new one. */
  readonly view?: SavedView | undefined;
  /** The filters to save; undefined keeps the view's own. */
  readonly query?: EventQuery | undefined;
  readonly onClose: () => void;
  readonly onSaved: (view: SavedView) => void;
}

/** Name, description, place and default of a saved view. */
export function ViewForm({ view, query, onClose, onSaved }: ViewFormProps) {
  const me = useMe();
  const ownWorkspace = query?.workspaceIds?.length === 1 ? query.workspaceIds[0] : undefined;
  const [name, setName] = useState(view?.name ?? '');
  const [description, setDescription] = useState(view?.description ?? '');
  const [place, setPlace] = useState(
    view
      ? (view.workspaceId ?? '')
      : (ownWorkspace ?? (me.permissions.companyWide ? '' : (me.workspaces[0]?.id ?? ''))),
  );
  const [isDefault, setIsDefault] = useState(view?.isDefault ?? false);
  // The version that this person's changes are based on.
  const [version, setVersion] = useState(view?.version ?? 0);
  const workspaceId = place === '' ? null : place;
  // A view can only be the default of the person who created it.
  const isOwn = view === undefined || view.createdBy.id === me.user.id;
  const draft: ViewDraft = {
    name: name.trim(),
    description: description.trim(),
    ...(isOwn && { isDefault }),
    ...(view?.workspaceId !== workspaceId && { workspaceId }),
    ...(query && { query: inPlace(query, workspaceId) }),
  };
  const save = useMutation({
    mutationFn: (over: number | undefined) =>
      view === undefined ? views.create(draft) : views.update(view.id, over ?? version, draft),
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey });
      onSaved(saved);
    },
  });
  const loadTheirs = useMutation({
    mutationFn: (id: string) => queryClient.fetchQuery({ ...viewQuery(id), staleTime: 0 }),
    onSuccess: (theirs) => {
      setName(theirs.name);
      setDescription(theirs.description);
      setPlace(theirs.workspaceId ?? '');
      setIsDefault(theirs.isDefault);
      setVersion(theirs.version);
      save.reset();
      return queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey });
    },
  });
  const error = loadTheirs.error ?? save.error;
  const conflict = isProblem(error, 'VERSION_CONFLICT')
    ? Number(error.members['currentVersion'])
    : undefined;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={view === undefined ? 'Save view' : 'Edit view'}
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
              Save
            </Button>
          ) : (
            <>
              {view && (
                <Button busy={loadTheirs.isPending} onClick={() => loadTheirs.mutate(view.id)}>
                  Load their version
                </Button>
              )}
              <Button variant="danger" busy={save.isPending} onClick={() => save.mutate(conflict)}>
                Overwrite their version
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="Name" hint={`${name.length} of ${NAME_LENGTH}`} error={nameError(error)}>
          <TextInput
            autoFocus
            maxLength={NAME_LENGTH}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Field
          label="Description (optional)"
          hint={`${description.length} of ${DESCRIPTION_LENGTH}`}
        >
          <TextArea
            maxLength={DESCRIPTION_LENGTH}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        </Field>
        <Field
          label="Visible to"
          hint={
            me.permissions.companyWide
              ? workspaceId === null
                ? 'Everyone in the company.'
                : 'Everyone with access to this workspace.'
              : 'Members save views in their own workspaces. Only owners, admins and billing can save company-wide views.'
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
        {isOwn && (
          <Checkbox
            label="Make this my default view"
            hint="Only affects you. One default per workspace, and one for the company."
            checked={isDefault}
            onChange={setIsDefault}
          />
        )}
        {query && <FilterSummary query={inPlace(query, workspaceId)} />}
        {conflict !== undefined ? (
          <Notice tone="warning" title="Someone else edited this view">
            Load their version into this form{query && ' (your filters stay)'}, or overwrite it with
            yours.
          </Notice>
        ) : (
          error &&
          nameError(error) === null && (
            <ProblemNotice title="Couldn't save the view" error={error} />
          )
        )}
      </div>
    </Dialog>
  );
}

/** A workspace's view is about that workspace. */
function inPlace(query: EventQuery, workspaceId: string | null): EventQuery {
  return workspaceId === null ? query : { ...query, workspaceIds: [workspaceId] };
}

function nameError(error: Error | null): string | null {
  if (isProblem(error, 'NAME_TAKEN')) return 'A view with this name already exists.';
  return isProblem(error) ? (error.fieldError('name') ?? null) : null;
}
