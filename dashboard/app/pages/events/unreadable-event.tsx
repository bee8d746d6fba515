import { TriangleAlert } from 'lucide-react';
import type { AuditEvent } from '../../api/audit-event.ts';
import { visibleValue } from '../../format/visible-text.ts';

interface UnreadableEventProps {
  readonly event: AuditEvent;
  readonly onOpen: () => void;
}

/** Fallback for a row that failed to render. The event exists and is exported like any other. */
export function UnreadableEvent({ event, onOpen }: UnreadableEventProps) {
  return (
    <span className="flex min-h-9 items-center gap-2 px-4 text-sm text-warning lg:px-6">
      <TriangleAlert aria-hidden size={14} className="shrink-0" />
      <button type="button" onClick={onOpen} className="min-w-0 truncate text-left underline">
        Couldn't show this event as a row. Open it to see its JSON.
      </button>
      <code className="ml-auto truncate text-xs text-muted">{visibleValue(event.id)}</code>
    </span>
  );
}
