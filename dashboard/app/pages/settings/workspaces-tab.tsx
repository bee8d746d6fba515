import { useMutation, useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Users } from 'lucide-react';
import { useState } from 'react';
import {
  membersQuery,
  type Workspace,
  workspaces as api,
  workspacesQuery,
} from '../../api/people.ts';
import { plural } from '../../format/numbers.ts';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { reloadPeople } from './reload-people.ts';
import { SettingsSection } from './settings-section.tsx';

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
      description="Every event belongs to one. Members see and export only their own; owners, admins and billing see all."
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
          title="The workspaces could not be loaded"
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
      {open?.kind === 'name' && <NameDialog workspace={open.workspace} onClose={close} />}
      {open?.kind === 'members' && <MembersDialog workspace={open.workspace} onClose={close} />}
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
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 text-sm">
      <span className="min-w-40 flex-1">
        <span className="flex items-center gap-2 font-medium">
          <bdi className="truncate">{name}</bdi>
          {state === 'pending' && (
            <Badge
              tone="info"
              title="Its region has not confirmed it yet; that happens by itself. Until then it takes no events."
            >
              being set up
            </Badge>
          )}
        </span>
        <span className="flex items-center gap-1 text-xs text-muted">
          <code className="truncate">{id}</code>
          <CopyButton text={id} label={`Copy the id of ${name}`} />
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

function NameDialog({
  workspace,
  onClose,
}: {
  readonly workspace?: Workspace | undefined;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(workspace?.name ?? '');
  const save = useMutation({
    mutationFn: async () => {
      if (workspace === undefined) await api.create(name.trim());
      else await api.rename(workspace.id, name.trim());
    },
    onSuccess: async () => {
      await reloadPeople();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={workspace === undefined ? 'New workspace' : 'Rename workspace'}
      onSubmit={() => save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabledReason={name.trim() === '' ? 'Give it a name' : null}
          >
            {workspace === undefined ? 'Create' : 'Rename'}
          </Button>
        </>
      }
    >
      <Field label="Name" error={save.error?.message}>
        <TextInput
          autoFocus
          maxLength={200}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </Field>
    </Dialog>
  );
}

function MembersDialog({
  workspace,
  onClose,
}: {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}) {
  const members = useQuery(membersQuery);
  const [chosen, setChosen] = useState(workspace.memberIds ?? []);
  const save = useMutation({
    mutationFn: () => api.setMembers(workspace.id, chosen),
    onSuccess: async () => {
      await reloadPeople();
      onClose();
    },
  });
  const choosable =
    members.data?.data.filter(({ role, userId }) => role === 'MEMBER' || chosen.includes(userId)) ??
    [];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Members of ${workspace.name}`}
      description="Owners, admins and billing see every workspace anyway."
      onSubmit={() => save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-2 pb-2">
        {members.data === undefined && <Skeleton className="h-16" />}
        {members.data !== undefined && choosable.length === 0 && (
          <p className="text-sm text-muted">
            The company has nobody with the role Member yet. Invite somebody first.
          </p>
        )}
        {choosable.map(({ userId, name, email }) => (
          <Checkbox
            key={userId}
            label={name}
            hint={email}
            checked={chosen.includes(userId)}
            onChange={(on) =>
              setChosen(on ? [...chosen, userId] : chosen.filter((id) => id !== userId))
            }
          />
        ))}
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
      </div>
    </Dialog>
  );
}
