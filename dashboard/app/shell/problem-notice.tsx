import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Notice } from '../ui/notice.tsx';

interface ProblemNoticeProps {
  readonly error: Error;
  readonly title?: ReactNode;
  readonly tone?: 'warning' | 'danger';
}

/** An error within a dialog or menu: the reason and the request ID. */
export function ProblemNotice({ error, title, tone = 'danger' }: ProblemNoticeProps) {
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  return (
    <Notice tone={tone} {...(title !== undefined && { title })}>
      {error.message}
      {requestId !== null && (
        <p className="mt-1 flex items-center gap-1 font-mono text-xs">
          <span className="truncate">Request {requestId}</span>
          <CopyButton text={requestId} label="Copy request ID" />
        </p>
      )}
    </Notice>
  );
}
