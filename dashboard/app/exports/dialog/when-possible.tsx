import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { capabilitiesQuery } from '../../api/exports.ts';
import { ProblemNotice } from '../../shell/problem-notice.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface WhenPossibleProps {
  /** Title of the dialog that shows the reason. */
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Checks whether exports are available before showing the form, and shows the reason if they are not. */
export function WhenPossible({ title, onClose, children }: WhenPossibleProps) {
  const capabilities = useQuery(capabilitiesQuery);
  const probed = capabilities.data?.filteredHotExports;
  // Once the form was shown it stays, so that a later failure of the check does not discard the user's input.
  const [ready, setReady] = useState(false);
  if (probed?.supported === true && !ready) setReady(true);
  if (ready || probed?.supported === true) return children;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {probed !== undefined ? (
        <Notice tone="warning" title="Exports are unavailable right now">
          {probed.reason}
        </Notice>
      ) : capabilities.error ? (
        <ProblemNotice
          title="Couldn't check whether exports are available"
          error={capabilities.error}
        />
      ) : (
        <div className="grid gap-3 pb-2" aria-busy="true">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="h-24" />
          <Skeleton className="h-16" />
        </div>
      )}
    </Dialog>
  );
}
