import type { UseQueryResult } from '@tanstack/react-query';
import { formatInstant } from '../time/format-time.ts';
import { useTimeZone } from '../time/time-zone.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

interface StaleNoticeProps {
  readonly query: Pick<UseQueryResult, 'dataUpdatedAt' | 'refetch' | 'isFetching'>;
  /** The list within a sentence: "the exports". */
  readonly what: string;
}

/** Shown above loaded data when refreshing it failed. */
export function StaleNotice({ query, what }: StaleNoticeProps) {
  const { name: zone } = useTimeZone();
  return (
    <div className="px-4 pt-3 lg:px-6">
      <Notice
        tone="warning"
        title={`Last updated ${formatInstant(new Date(query.dataUpdatedAt), zone)}`}
      >
        <p>Couldn't refresh {what}. They may have changed since.</p>
        <Button className="mt-2" busy={query.isFetching} onClick={() => void query.refetch()}>
          Retry
        </Button>
      </Notice>
    </div>
  );
}
