import { Ban, CloudOff, type LucideIcon, ServerCog, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

interface ProblemStateProps {
  readonly error: Error;
  readonly onRetry?: () => void;
  /** The action that failed: "Couldn't load the events". */
  readonly title: string;
  readonly children?: ReactNode;
}

function iconOf(error: Error): LucideIcon {
  if (!(error instanceof ApiProblem)) return TriangleAlert;
  if (error.status === 403) return Ban;
  if (error.code === 'SCHEMA_DRIFT') return ServerCog;
  return error.status === 0 || error.status === 503 ? CloudOff : TriangleAlert;
}

/** True if retrying can't help. A search that took too long may succeed once its events are cached. */
function isFinal({ status, code }: ApiProblem): boolean {
  return status === 403 || (status === 400 && code !== 'SEARCH_TOO_BROAD');
}

/** Shown in place of a list or details that failed to load. Announced to screen readers. */
export function ProblemState({ error, onRetry, title, children }: ProblemStateProps) {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <div role="alert">
      <EmptyState
        icon={iconOf(error)}
        title={problem?.status === 403 ? "You don't have access to this" : title}
        actions={
          onRetry && !(problem && isFinal(problem)) ? (
            <Button onClick={onRetry}>Try again</Button>
          ) : undefined
        }
      >
        <p>{problem?.message ?? 'Something went wrong on this page. Nothing was changed.'}</p>
        {children}
        {typeof problem?.requestId === 'string' && (
          <p className="mt-2 inline-flex items-center gap-1 font-mono text-xs">
            Request {problem.requestId}{' '}
            <CopyButton text={problem.requestId} label="Copy request ID" />
          </p>
        )}
      </EmptyState>
    </div>
  );
}
