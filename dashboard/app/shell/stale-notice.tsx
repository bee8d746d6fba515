import type { UseQueryResult } from '@tanstack/react-query';
import { formatInstant } from '../time/format-time.ts';
import { useTimeZone } from '../time/time-zone.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

interface StaleNoticeProps {
  readonly query: Pick<UseQueryResult, 'dataUpdatedAt' | 'refetch' | 'isFetching'>;
  /** Of what the state may be another by now, as a sentence begins: "The exports". */
  readonly what: string;
}

/** Above what was loaded earlier, when loading it again failed. */
export function StaleNotice({ query, what }: StaleNoticeProps) {
  const { name: zone } = useTimeZone();
  return (
    <div className="px-4 pt-3 lg:px-6">
      <Notice
        tone="warning"
        title={`Not updated since ${formatInstant(new Date(query.dataUpdatedAt), zone)}`}
      >
        <p>{what} could not be loaded again; their state may be another by now.</p>
        <Button className="mt-2" busy={query.isFetching} onClick={() => void query.refetch()}>
          Retry
        </Button>
      </Notice>
    </div>
  );
}
