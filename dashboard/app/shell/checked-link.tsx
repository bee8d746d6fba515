import { useMutation } from '@tanstack/react-query';
import type { MouseEvent, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/overlay/dialog.tsx';
import { saveFile } from '../ui/save-file.ts';
import { ProblemNotice } from './problem-notice.tsx';

interface CheckedLinkProps {
  readonly path: string;
  /** Makes a small version of the same request; rejects if the server would reject it. */
  readonly check: () => Promise<unknown>;
  /** Title of the error message. */
  readonly refused: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * A link to a file that the server generates while sending it. Checks first, so that an error is not shown as a page
 * of JSON.
 */
export function CheckedLink({ path, check, refused, className, children }: CheckedLinkProps) {
  const asking = useMutation({ mutationFn: check, onSuccess: () => saveFile(path) });
  const click = (event: MouseEvent) => {
    // Leave new tabs and copied links to the browser.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!asking.isPending) asking.mutate();
  };
  return (
    <>
      <a
        href={path}
        download
        aria-busy={asking.isPending || undefined}
        onClick={click}
        className={className}
      >
        {children}
      </a>
      <Dialog
        open={asking.isError}
        onOpenChange={() => asking.reset()}
        title={refused}
        footer={<Button onClick={() => asking.mutate()}>Try again</Button>}
      >
        {asking.error && <ProblemNotice error={asking.error} />}
      </Dialog>
    </>
  );
}
