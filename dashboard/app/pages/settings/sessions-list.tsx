import { useMutation, useQuery } from '@tanstack/react-query';
import { queryClient } from '../../api/query-client.ts';
import { type OwnSession, sessions, sessionsQuery } from '../../api/sessions.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { showProblem } from '../../shell/show-problem.tsx';
import { Timestamp } from '../../time/timestamp.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/overlay/toast.tsx';
import { SettingsSection } from './settings-section.tsx';

/** The user's active sessions. */
export function SessionsList() {
  const { data, error } = useQuery(sessionsQuery);
  const reload = () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const onError = (failure: Error) => showProblem("Couldn't sign out the session", failure);
  const endOthers = useMutation({
    mutationFn: sessions.endOthers,
    onError,
    onSuccess: () => {
      showToast({ tone: 'success', title: 'Other sessions signed out' });
      return reload();
    },
  });
  const others = data?.data.some(({ current }) => !current) === true;
  return (
    <SettingsSection
      title="Sessions"
      description="Active sessions. If you don't recognise one, sign it out and change your password."
      action={
        <Button
          busy={endOthers.isPending}
          disabledReason={others ? null : 'There are no other sessions'}
          onClick={() => endOthers.mutate()}
        >
          Sign out other sessions
        </Button>
      }
    >
      {error ? (
        <ProblemNotice error={error} title="Couldn't load your sessions" />
      ) : data === undefined ? (
        <Skeleton className="h-20" />
      ) : (
        <ul className="border-t">
          {data.data.map((session) => (
            <SessionItem key={session.id} session={session} onEnded={reload} onError={onError} />
          ))}
        </ul>
      )}
    </SettingsSection>
  );
}

interface SessionItemProps {
  readonly session: OwnSession;
  readonly onEnded: () => Promise<void>;
  readonly onError: (error: Error) => void;
}

function SessionItem({ session, onEnded, onError }: SessionItemProps) {
  const end = useMutation({
    mutationFn: () => sessions.end(session.id),
    onSuccess: onEnded,
    onError,
  });
  const device = deviceOf(session.userAgent);
  return (
    <li className="flex items-center gap-3 border-b px-3 py-2 text-sm">
      <span className="min-w-0 flex-1">
        <span
          className="flex items-center gap-2 font-medium"
          title={session.userAgent ?? undefined}
        >
          {device} {session.current && <Badge tone="success">This device</Badge>}
        </span>
        <span className="block text-xs text-muted">
          {session.ip ?? 'unknown IP address'} · since <Timestamp value={session.createdAt} />
        </span>
      </span>
      {!session.current && (
        <Button
          size="sm"
          busy={end.isPending}
          onClick={() => end.mutate()}
          aria-label={`Sign out the session on ${device}`}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}

/** "Chrome on Linux": enough to recognise one's own devices. */
function deviceOf(userAgent: string | null): string {
  if (userAgent === null) return 'Unknown device';
  const browser = /(Firefox|Edg|Chrome|Safari|curl|node)/i.exec(userAgent)?.[1] ?? 'Browser';
  const system = /(Windows|Mac OS|Android|iPhone|iPad|Linux)/.exec(userAgent)?.[1];
  const name = browser === 'Edg' ? 'Edge' : browser;
  return system === undefined ? name : `${name} on ${system}`;
}
