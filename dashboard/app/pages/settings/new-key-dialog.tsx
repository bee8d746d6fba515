import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { apiKeys, apiKeysQuery, type Permission, PERMISSIONS } from '../../api/keys.ts';
import { queryClient } from '../../api/query-client.ts';
import { useMe } from '../../session/session.tsx';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/form/checkbox.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Field, Select, TextInput } from '../../ui/form/field.tsx';
import { Notice } from '../../ui/notice.tsx';

const WORDS: Readonly<Record<Permission, string>> = {
  'events:write': 'Send events',
  'events:read': 'List events',
  'exports:write': 'Create and cancel exports',
  'exports:read': 'List and download exports',
};
const DAY_MS = 86_400_000;
const LIFETIMES = [30, 90, 365] as const;

export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const me = useMe();
  const [name, setName] = useState('');
  const [place, setPlace] = useState('');
  const [permissions, setPermissions] = useState<readonly Permission[]>(['events:write']);
  const [days, setDays] = useState('90');
  const create = useMutation({
    mutationFn: () =>
      apiKeys.create({
        name: name.trim(),
        permissions,
        workspaceId: place === '' ? null : place,
        expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  if (create.data) return <KeyShown secret={create.data.key} onClose={onClose} />;
  const toggle = (permission: Permission, on: boolean) =>
    setPermissions(
      on ? [...permissions, permission] : permissions.filter((other) => other !== permission),
    );
  const missing =
    name.trim() === ''
      ? 'Enter a name first'
      : permissions.length === 0
        ? 'Choose at least one permission'
        : null;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New API key"
      onSubmit={() => create.mutate()}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending} disabledReason={missing}>
            Create key
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field
          label="Name"
          hint="The program that uses the key. This name appears in the evidence."
        >
          <TextInput
            autoFocus
            maxLength={200}
            placeholder="CI pipeline"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Field>
        <Field label="Scope">
          <Select
            className="w-full"
            value={place}
            onChange={({ target }) => setPlace(target.value)}
          >
            <option value="">Whole company</option>
            {me.workspaces.map(({ id, name: workspace }) => (
              <option key={id} value={id}>
                {workspace}
              </option>
            ))}
          </Select>
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1 text-sm font-medium">Permissions</legend>
          {PERMISSIONS.map((permission) => (
            <Checkbox
              key={permission}
              label={WORDS[permission]}
              hint={permission}
              checked={permissions.includes(permission)}
              onChange={(on) => toggle(permission, on)}
            />
          ))}
        </fieldset>
        <Field label="Expires">
          <Select className="w-full" value={days} onChange={({ target }) => setDays(target.value)}>
            {LIFETIMES.map((count) => (
              <option key={count} value={count}>
                In {count} days
              </option>
            ))}
            <option value="">Never</option>
          </Select>
        </Field>
        {create.error && <ProblemNotice error={create.error} title="The key was not created" />}
      </div>
    </Dialog>
  );
}

function KeyShown({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { apiUrl } = useMe();
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Your new key"
      shownOnce
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="grid gap-3 pb-2">
        <Notice tone="warning">Copy key now. It isn't stored and can't be shown again.</Notice>
        <CodeBlock text={secret} label="Copy key" />
        <p className="text-sm text-muted">Test it:</p>
        <CodeBlock
          text={`curl -sS "${apiUrl}/v1/keys/status" -H "Authorization: Bearer $EXHIBIT_API_KEY"`}
          label="Copy command"
        />
      </div>
    </Dialog>
  );
}
