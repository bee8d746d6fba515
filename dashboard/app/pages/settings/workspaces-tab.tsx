import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Users } from 'lucide-react';
import { useState } from 'react';
import { type Workspace, workspacesQuery } from '../../api/people.ts';
import { plural } from '../../format/numbers.ts';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SettingsSection } from './settings-section.tsx';
import { WorkspaceMembersDialog } from './workspace-members-dialog.tsx';
import { WorkspaceNameDialog } from './workspace-name-dialog.tsx';

type Open =
  | { readonly kind: 'name'; readonly workspace?: Workspace }
  | { readonly kind: 'members'; readonly workspace: Workspace };

export function WorkspacesTab() {
  const { data, error, refetch } = useQuery(workspacesQuery);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <SettingsSection
      title="Workspaces"
      description="Each event belongs to one workspace. Members only see workspaces they're in; owners, admins and billing see all."
      action={
        <Button variant="primary" icon={Plus} onClick={() => setOpen({ kind: 'name' })}>
          New workspace…
        </Button>
      }
    >
      {error ? (
        <ProblemState
          error={error}
          onRetry={() => void refetch()}
          title="Couldn't load the workspaces"
        />
      ) : data === undefined ? (
        <Skeleton className="h-32" />
      ) : (
        <ul className="border-t">
          {data.data.map((workspace) => (
            <WorkspaceItem key={workspace.id} workspace={workspace} onOpen={setOpen} />
          ))}
        </ul>
      )}
      {open?.kind === 'name' && <WorkspaceNameDialog workspace={open.workspace} onClose={close} />}
      {open?.kind === 'members' && (
        <WorkspaceMembersDialog workspace={open.workspace} onClose={close} />
      )}
    </SettingsSection>
  );
}

function WorkspaceItem({
  workspace,
  onOpen,
}: {
  readonly workspace: Workspace;
  readonly onOpen: (open: Open) => void;
}) {
  const { id, name, state, createdAt, memberIds = [] } = workspace;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 text-sm">
      <span className="min-w-40 flex-1">
        <span className="flex items-center gap-2 font-medium">
          <bdi className="truncate">{name}</bdi>
          {state === 'pending' && <Badge tone="info">Setting up</Badge>}
        </span>
        {state === 'pending' && (
          <span className="block text-xs text-muted">
            Still being set up in its region. It will accept events once that finishes.
          </span>
        )}
        <span className="flex items-center gap-1 text-xs text-muted">
          <code className="truncate">{id}</code>
          <CopyButton text={id} label={`Copy the ID of ${name}`} />
        </span>
      </span>
      <span className="text-xs text-muted max-sm:hidden">
        <Timestamp value={createdAt} />
      </span>
      <Button size="sm" icon={Users} onClick={() => onOpen({ kind: 'members', workspace })}>
        {plural(memberIds.length, 'member')} <span className="sr-only">of {name}</span>
      </Button>
      <IconButton
        label={`Rename ${name}`}
        icon={Pencil}
        onClick={() => onOpen({ kind: 'name', workspace })}
      />
    </li>
  );
}
