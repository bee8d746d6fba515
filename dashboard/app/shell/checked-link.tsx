import { useMutation } from '@tanstack/react-query';
import type { MouseEvent, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/overlay/dialog.tsx';
import { saveFile } from '../ui/save-file.ts';
import { ProblemNotice } from './problem-notice.tsx';

interface CheckedLinkProps {
  readonly path: string;
  /** Asks the server the same in small; rejects when it would refuse. */
  readonly check: () => Promise<unknown>;
  /** Title over the reason when it is refused. */
  readonly refused: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link to a file that the server makes while it is read: asked about first, so that a refusal is no page of JSON. */
export function CheckedLink({ path, check, refused, className, children }: CheckedLinkProps) {
  const asking = useMutation({ mutationFn: check, onSuccess: () => saveFile(path) });
  const click = (event: MouseEvent) => {
    // A new tab, a copied link: the browser's own business.
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
