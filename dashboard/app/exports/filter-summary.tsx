import { X } from 'lucide-react';
import type { EventQuery } from '../api/event-query.ts';
import { describeQuery, type FilterPhrase } from '../events/describe-query.ts';
import { visibleText } from '../format/visible-text.ts';
import { useWorkspaceName } from '../session/session.tsx';
import { useTimeZone } from '../time/time-zone.tsx';
import { Detail, DetailList } from '../ui/details.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { IconButton } from '../ui/icon-button.tsx';

interface FilterSummaryProps {
  readonly query: EventQuery;
  /** The text shown for a filter without workspaces. */
  readonly allWorkspaces?: string;
  readonly canRemove?: (phrase: FilterPhrase) => boolean;
  readonly onRemove?: (phrase: FilterPhrase) => void;
}

/**
 * A filter in words, one line per part. The filters of a rejected request can be malformed; an error boundary
 * contains that.
 */
export function FilterSummary(props: FilterSummaryProps) {
  return (
    <ErrorBoundary fallback={<p className="text-sm text-muted">Couldn't describe this filter.</p>}>
      <Summary {...props} />
    </ErrorBoundary>
  );
}

function Summary({
  query,
  allWorkspaces = 'All workspaces',
  canRemove,
  onRemove,
}: FilterSummaryProps) {
  const { name: zone } = useTimeZone();
  const workspaceName = useWorkspaceName();
  const phrases = describeQuery(query, { zone, workspaceName });
  return (
    <DetailList>
      {query.workspaceIds === undefined && <Detail name="Workspace">{allWorkspaces}</Detail>}
      {phrases.map((phrase, index) => {
        const { field, name, value } = phrase;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- two conditions may have the same text
          <Detail key={`${field} ${index}`} name={name}>
            {onRemove && canRemove?.(phrase) === true ? (
              <span className="flex items-start gap-1">
                <span className="min-w-0">{visibleText(value)}</span>
                <IconButton
                  label={`Remove ${name}: ${value}`}
                  icon={X}
                  className="-my-1"
                  onClick={() => onRemove(phrase)}
                />
              </span>
            ) : (
              value
            )}
          </Detail>
        );
      })}
    </DetailList>
  );
}
