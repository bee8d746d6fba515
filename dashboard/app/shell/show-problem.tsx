import { ApiProblem } from '../api/problem.ts';
import { showToast } from '../ui/overlay/toast.tsx';
import type { Tone } from '../ui/tone.ts';

/** Shows a toast with the failed action, the reason and the request ID. @param title "Couldn't revoke the key" */
export function showProblem(title: string, error: unknown, tone: Tone = 'danger'): void {
  const requestId = error instanceof ApiProblem ? error.requestId : null;
  showToast({
    tone,
    title,
    body: (
      <>
        {error instanceof Error && <p>{error.message}</p>}
        {requestId !== null && <p className="mt-1 font-mono text-xs">Request {requestId}</p>}
      </>
    ),
  });
}
