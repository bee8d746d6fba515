import type { UseQueryResult } from '@tanstack/react-query';
import { Pencil, Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DriftingList } from '../../../api/list.ts';
import type { SavedView } from '../../../api/presets.ts';
import { useMe, useWorkspaceName } from '../../../session/session.tsx';
import { useWithoutDeleted } from '../../../shell/being-deleted.ts';
import { ProblemNotice } from '../../../shell/problem-notice.tsx';
import { classNames } from '../../../ui/class-names.ts';
import { TextInput } from '../../../ui/form/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { groupOf, isDefaultOf, lockedReason } from './view-place.ts';

const GROUPS = [
  ['mine', 'Mine'],
  ['workspace', 'Workspaces'],
  ['company', 'Company'],
] as const;

interface SavedViewsListProps {
  readonly list: UseQueryResult<DriftingList<SavedView>>;
  /** ID of the open view. */
  readonly current: string | undefined;
  /** True if the view in the address was deleted. */
  readonly gone: boolean;
  readonly onRun: (view: SavedView) => void;
  readonly onEdit: (view: SavedView) => void;
  readonly onDelete: (view: SavedView) => void;
}

export function SavedViewsList({
  list,
  current,
  gone,
  onRun,
  onEdit,
  onDelete,
}: SavedViewsListProps) {
  const me = useMe();
  const [text, setText] = useState('');
  const { data, error } = list;
  const wanted = text.trim().toLowerCase();
  const listed = useWithoutDeleted(data?.data ?? []);
  const matching = listed.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(wanted),
  );
  return (
    <div className="grid w-84 max-w-full gap-2 p-2">
      {listed.length > 0 && (
        <TextInput
          type="search"
          aria-label="Search saved views"
          placeholder="Search saved views"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      {gone && (
        <Notice tone="warning">
          The view in this address was deleted, or you don't have access to it. Its filters still
          apply.
        </Notice>
      )}
      {error ? (
        <ProblemNotice title="Couldn't load the views" error={error} />
      ) : data === undefined ? (
        <Skeleton className="h-24" />
      ) : data.drift !== null ? (
        <Notice tone="warning" title="Saved views aren't available in this region yet">
          Its database lacks migration 20260216120000_saved_explorer_views. Ask your operator to run
          it. Everything else works.
        </Notice>
      ) : listed.length === 0 ? (
        <p className="px-1 py-3 text-sm text-muted">
          No saved views yet. Set filters, then choose Save view. Everyone with access will find it
          here.
        </p>
      ) : matching.length === 0 ? (
        <p className="px-1 py-3 text-sm text-muted">No matching views.</p>
      ) : (
        <div className="max-h-96 overflow-y-auto">
          {GROUPS.map(([group, title]) => {
            const inGroup = matching.filter((view) => groupOf(view, me) === group);
            if (inGroup.length === 0) return null;
            return (
              <section key={group} aria-label={title}>
                <p aria-hidden className="px-1 pt-1.5 pb-1 text-xs text-muted">
                  {title}
                </p>
                <ul>
                  {inGroup.map((view) => (
                    <ViewItem
                      key={view.id}
                      view={view}
                      isCurrent={view.id === current}
                      onRun={onRun}
                      onEdit={onEdit}
                      onDelete={onDelete}
                    />
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
      )}
    </div>
  );
}

interface ViewItemProps {
  readonly view: SavedView;
  readonly isCurrent: boolean;
  readonly onRun: (view: SavedView) => void;
  readonly onEdit: (view: SavedView) => void;
  readonly onDelete: (view: SavedView) => void;
}

function ViewItem({ view, isCurrent, onRun, onEdit, onDelete }: ViewItemProps) {
  const me = useMe();
  const workspaceName = useWorkspaceName();
  const locked = lockedReason(view, me);
  return (
    <li
      className={classNames(
        'flex items-center gap-0.5 rounded-sm hover:bg-raised',
        isCurrent && 'bg-accent-tint',
      )}
    >
      <button
        type="button"
        aria-current={isCurrent ? 'true' : undefined}
        title={view.description}
        onClick={() => onRun(view)}
        className="min-w-0 flex-1 px-2 py-1.5 text-left"
      >
        <span className="flex items-center gap-1 text-sm">
          <bdi className="truncate font-medium">{view.name}</bdi>
          {isDefaultOf(view, me) && (
            <Star role="img" aria-label="Default" size={12} className="shrink-0 text-accent" />
          )}
        </span>
        <span className="block truncate text-xs text-muted">
          {view.workspaceId === null ? 'Company' : workspaceName(view.workspaceId)} ·{' '}
          {view.createdBy.label}
        </span>
      </button>
      <IconButton
        label={`Edit ${view.name}`}
        icon={Pencil}
        disabledReason={locked}
        onClick={() => onEdit(view)}
      />
      <IconButton
        label={`Delete ${view.name}`}
        icon={Trash2}
        disabledReason={locked}
        onClick={() => onDelete(view)}
      />
    </li>
  );
}
