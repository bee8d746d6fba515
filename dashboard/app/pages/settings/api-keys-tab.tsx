import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { type ApiKey, apiKeysQuery } from '../../api/keys.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useWorkspaceName } from '../../session/session.tsx';
import { ProblemState } from '../../shell/problem-state.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '../../ui/table.tsx';
import { keyWarnings } from './key-warnings.ts';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';
import { SettingsSection } from './settings-section.tsx';

const STATUS = {
  active: { label: 'Active', tone: 'success' },
  expired: { label: 'Expired', tone: 'warning' },
  revoked: { label: 'Revoked', tone: 'neutral' },
} as const;

export function ApiKeysTab() {
  const { data, error, refetch } = useQuery(apiKeysQuery);
  const [creating, setCreating] = useState(false);
  // Held above the rows, so that the dialog survives a reload of the list.
  const [revoking, setRevoking] = useState<ApiKey>();
  const create = (
    <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
      New key…
    </Button>
  );
  return (
    <SettingsSection
      title="API keys"
      description="API keys let programs send events and create exports."
      action={create}
    >
      {error ? (
        <ProblemState
          error={error}
          onRetry={() => void refetch()}
          title="Couldn't load the API keys"
        />
      ) : data === undefined ? (
        <Skeleton className="h-40" />
      ) : data.data.length === 0 ? (
        <EmptyState icon={KeyRound} title="No API keys yet" actions={create}>
          Create a key for each program that sends events or downloads exports.
        </EmptyState>
      ) : (
        <>
          <Table aria-label="API keys" className="border-t">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>Status</Th>
                <Th className="max-md:hidden">Permissions</Th>
                <Th className="max-lg:hidden">Created by</Th>
                <Th className="max-lg:hidden">Last used</Th>
                <Th className="max-lg:hidden">Expires</Th>
                <Th className="text-right">
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {data.data.map((key) => (
                <KeyRow key={key.id} apiKey={key} onRevoke={setRevoking} />
              ))}
            </tbody>
          </Table>
        </>
      )}
      {creating && <NewKeyDialog onClose={() => setCreating(false)} />}
      {revoking && <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </SettingsSection>
  );
}

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly onRevoke: (apiKey: ApiKey) => void;
}

function KeyRow({ apiKey, onRevoke }: KeyRowProps) {
  const { name, workspaceId, permissions, status, lastUsedAt, expiresAt } = apiKey;
  const workspaceName = useWorkspaceName();
  const { label, tone } = STATUS[status];
  const warnings = status === 'active' ? keyWarnings(apiKey, new Date()) : [];
  return (
    <Tr className={status === 'active' ? '' : 'text-muted'}>
      <Td className="max-w-72 py-1.5">
        <bdi className="block truncate font-medium">{visibleText(name)}</bdi>
        <span className="block text-xs text-muted">
          {workspaceId === null ? 'Whole company' : workspaceName(workspaceId)}
        </span>
        {warnings.length > 0 && (
          <span className="block text-xs text-warning">{warnings.join(' · ')}</span>
        )}
        <span className="block text-xs text-muted lg:hidden">
          created by <bdi>{creatorText(apiKey)}</bdi>, used <TimeOrNever value={lastUsedAt} />,
          expires <TimeOrNever value={expiresAt} />
        </span>
      </Td>
      <Td>
        <Badge tone={tone}>{label}</Badge>
      </Td>
      <Td className="font-mono text-xs max-md:hidden">{permissions.join(' ')}</Td>
      <Td className="max-w-48 truncate max-lg:hidden" title={creatorText(apiKey)}>
        <bdi>{creatorText(apiKey)}</bdi>
      </Td>
      <Td className="max-lg:hidden">
        <TimeOrNever value={lastUsedAt} />
      </Td>
      <Td className="max-lg:hidden">
        <TimeOrNever value={expiresAt} />
      </Td>
      <Td className="text-right">
        {status === 'active' && (
          <Button
            size="sm"
            variant="danger"
            onClick={() => onRevoke(apiKey)}
            aria-label={`Revoke ${name}`}
          >
            Revoke…
          </Button>
        )}
      </Td>
    </Tr>
  );
}

function creatorText({ createdBy }: ApiKey): string {
  if (createdBy === null) return 'not recorded';
  return createdBy.type === 'system' ? 'command line' : createdBy.label;
}

function TimeOrNever({ value }: { readonly value: string | null }) {
  return value === null ? <span className="text-muted">never</span> : <Timestamp value={value} />;
}
