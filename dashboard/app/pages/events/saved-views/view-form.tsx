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
  // What this person's changes are based on.
  const [version, setVersion] = useState(view?.version ?? 0);
  const workspaceId = place === '' ? null : place;
  // The default is that of whoever made it: nobody sets somebody else's.
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
              disabledReason={name.trim() === '' ? 'Give it a name' : null}
            >
              Save
            </Button>
          ) : (
            <>
              {view && (
                <Button busy={loadTheirs.isPending} onClick={() => loadTheirs.mutate(view.id)}>
                  Load theirs
                </Button>
              )}
              <Button variant="danger" busy={save.isPending} onClick={() => save.mutate(conflict)}>
                Overwrite theirs
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
          label="Seen in"
          hint={
            me.permissions.companyWide
              ? workspaceId === null
                ? 'Everybody in the company finds it.'
                : 'Everybody who has the workspace finds it.'
              : 'Members save views in their own workspaces; company-wide ones are for owners, admins and billing.'
          }
        >
          <Select
            className="w-full"
            value={place}
            onChange={({ target }) => setPlace(target.value)}
          >
            {me.permissions.companyWide && <option value="">The whole company</option>}
            {me.workspaces.map(({ id, name: workspace }) => (
              <option key={id} value={id}>
                {workspace}
              </option>
            ))}
          </Select>
        </Field>
        {isOwn && (
          <Checkbox
            label="Open the explorer with this view"
            hint="Yours alone: one default for each place."
            checked={isDefault}
            onChange={setIsDefault}
          />
        )}
        {query && <FilterSummary query={inPlace(query, workspaceId)} />}
        {conflict !== undefined ? (
          <Notice tone="warning" title="Somebody else changed this view meanwhile">
            Load theirs into this form and change that{query && '; the filters stay yours'}, or
            overwrite it with what is here.
          </Notice>
        ) : (
          error &&
          nameError(error) === null && (
            <ProblemNotice title="The view was not saved" error={error} />
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
  if (isProblem(error, 'NAME_TAKEN')) return 'There is a view with this name already.';
  return isProblem(error) ? (error.fieldError('name') ?? null) : null;
}
