import {
  isCancelledError,
  keepPreviousData,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useState } from 'react';
import { type Estimate, estimateQuery } from '../../api/exports.ts';
import { formatCount } from '../../format/numbers.ts';
import { useMe } from '../../session/session.tsx';
import { Notice } from '../../ui/notice.tsx';

interface CountedStart {
  /** The request to estimate. */
  readonly request: Parameters<typeof estimateQuery>[0];
  /** Identifies the content of the export; a confirmation is only valid for the same content. */
  readonly about: unknown;
  /** A reason that disables the export independently of the count. */
  readonly reason?: string | null;
  readonly start: () => void;
}

interface StartWhenCounted {
  readonly estimate: UseQueryResult<Estimate>;
  /** The action of Enter and of the button. */
  readonly press: () => void;
  readonly buttonLabel: string;
  readonly disabledReason: string | null;
  /** True if the button was pressed and waits for the count. */
  readonly isWaiting: boolean;
  /** The confirmation question, once the button was pressed; null before. */
  readonly question: string | null;
}

/**
 * Starts an export after its events are counted. Large exports and exports of unknown size need a confirmation. If
 * the button is pressed during the count, the export starts when the count is there, unless the form was changed or
 * closed in the meantime.
 */
export function useStartWhenCounted({
  request,
  about,
  reason = null,
  start,
}: CountedStart): StartWhenCounted {
  const { confirmRows } = useMe();
  const queryClient = useQueryClient();
  const [confirmingKey, setConfirmingKey] = useState<string>();
  const [isWaiting, setIsWaiting] = useState(false);
  const options = estimateQuery(request);
  const estimate = useQuery({ ...options, placeholderData: keepPreviousData });
  const { data, isError, isPending, isPlaceholderData } = estimate;
  const key = JSON.stringify(about);
  const isCounted = !isPending && !isPlaceholderData;
  const known = isError ? undefined : data;
  const isLarge = (of: Estimate | undefined) => of === undefined || of.rows > confirmRows;
  const mayBeLarge = !isPending && isLarge(known);
  const isConfirming = mayBeLarge && confirmingKey === key;
  const count = known === undefined ? 'all matching rows' : `${formatCount(known.rows)} rows`;
  const isTooLarge = isCounted && known?.allowed === false;
  const confirmOrStart = (of: Estimate | undefined) => {
    if (of?.allowed === false) return;
    if (isLarge(of) && confirmingKey !== key) setConfirmingKey(key);
    else start();
  };
  const continueWhenCounted = async () => {
    setIsWaiting(true);
    try {
      confirmOrStart(await queryClient.fetchQuery(options));
    } catch (error) {
      // React Query cancels the count when the form is changed or closed.
      if (!isCancelledError(error)) confirmOrStart(undefined);
    } finally {
      setIsWaiting(false);
    }
  };
  return {
    estimate,
    press: () => (isCounted ? confirmOrStart(known) : void continueWhenCounted()),
    buttonLabel: !mayBeLarge ? 'Start export' : isConfirming ? `Export ${count}` : 'Continue…',
    disabledReason: reason ?? (isTooLarge ? 'Too many rows for one export' : null),
    isWaiting,
    question: isConfirming
      ? known === undefined
        ? 'The size of this export is unknown'
        : `This export has ${count}`
      : null,
  };
}

export function LargeExportQuestion({ question }: Pick<StartWhenCounted, 'question'>) {
  return (
    question !== null && (
      <Notice tone="warning" title={question}>
        This may take several minutes and use storage until the file expires. Continue?
      </Notice>
    )
  );
}
