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

interface Wish {
  /** What is counted. */
  readonly request: Parameters<typeof estimateQuery>[0];
  /** What would be exported: an answer holds for this only. */
  readonly about: unknown;
  /** Why it cannot be exported, whatever the count says. */
  readonly reason?: string | null;
  readonly start: () => void;
}

interface StartWhenCounted {
  readonly estimate: UseQueryResult<Estimate>;
  /** What Enter and the button do. */
  readonly press: () => void;
  readonly buttonLabel: string;
  readonly disabledReason: string | null;
  /** It was pressed and waits for the count. */
  readonly isWaiting: boolean;
  /** The question, once it was asked. */
  readonly question: string | null;
}

/**
 * Starts an export once its events are counted; a large one, or one whose size nobody could tell, is asked about
 * first. Pressed while they are counted, it goes on when they are, unless the wish was changed or left meanwhile.
 */
export function useStartWhenCounted({
  request,
  about,
  reason = null,
  start,
}: Wish): StartWhenCounted {
  const { confirmRows } = useMe();
  const queryClient = useQueryClient();
  const [askedAbout, setAskedAbout] = useState<string>();
  const [isWaiting, setIsWaiting] = useState(false);
  const options = estimateQuery(request);
  const estimate = useQuery({ ...options, placeholderData: keepPreviousData });
  const { data, isError, isPending, isPlaceholderData } = estimate;
  const key = JSON.stringify(about);
  const isCounted = !isPending && !isPlaceholderData;
  const known = isError ? undefined : data;
  const isLarge = (of: Estimate | undefined) => of === undefined || of.rows > confirmRows;
  const mayBeLarge = !isPending && isLarge(known);
  const wasAsked = mayBeLarge && askedAbout === key;
  const count = known === undefined ? 'all matching rows' : `${formatCount(known.rows)} rows`;
  const isTooLarge = isCounted && known?.allowed === false;
  const goOn = (of: Estimate | undefined) => {
    if (of?.allowed === false) return;
    if (isLarge(of) && askedAbout !== key) setAskedAbout(key);
    else start();
  };
  const goOnWhenCounted = async () => {
    setIsWaiting(true);
    try {
      goOn(await queryClient.fetchQuery(options));
    } catch (error) {
      // A count that nobody looks at any more is taken back.
      if (!isCancelledError(error)) goOn(undefined);
    } finally {
      setIsWaiting(false);
    }
  };
  return {
    estimate,
    press: () => (isCounted ? goOn(known) : void goOnWhenCounted()),
    buttonLabel: !mayBeLarge ? 'Start export' : wasAsked ? `Export ${count}` : 'Continue…',
    disabledReason: reason ?? (isTooLarge ? 'Too many rows for one export' : null),
    isWaiting,
    question: wasAsked
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
