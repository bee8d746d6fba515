import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { isProblem } from '../api/problem.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** Shown when a page fails: the problem, the next step and the request ID for the operator. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  const problem = isProblem(error) ? error : undefined;
  const again = () => {
    resetQueries();
    reset();
    void router.invalidate();
  };
  return (
    <EmptyState
      icon={TriangleAlert}
      title={problem?.title ?? 'Something went wrong on this page'}
      isPage
      actions={
        <>
          <Button variant="primary" onClick={again}>
            Try again
          </Button>
          <Link to="/" className={buttonClass()}>
            Home
          </Link>
        </>
      }
    >
      <p>{problem?.message ?? 'This is an error in the page. Your data was not changed.'}</p>
      {problem === undefined && <p className="mt-2 font-mono text-xs">{String(error)}</p>}
      {typeof problem?.requestId === 'string' && (
        <p className="mt-2 inline-flex items-center gap-1 font-mono text-xs">
          Request {problem.requestId}{' '}
          <CopyButton text={problem.requestId} label="Copy request ID" />
        </p>
      )}
    </EmptyState>
  );
}
