import { ApiProblem } from '../api/problem.ts';
import { showToast } from '../ui/overlay/toast.tsx';
import type { Tone } from '../ui/tone.ts';

/** A toast that says what did not happen and why, and the request id to quote. @param title "The key still works" */
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
