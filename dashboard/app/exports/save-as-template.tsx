import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { EventQuery } from '../api/event-query.ts';
import { capabilitiesQuery } from '../api/exports.ts';
import { searchOfQuery } from '../events/event-search.ts';
import { stringifySearch } from '../search-parameters.ts';
import { Button } from '../ui/button.tsx';

interface SaveAsTemplateProps {
  readonly query: EventQuery;
  readonly onLeave: () => void;
}

/** What is about to be exported once, kept to be exported again and again. */
export function SaveAsTemplate({ query, onLeave }: SaveAsTemplateProps) {
  const navigate = useNavigate();
  const { data } = useQuery(capabilitiesQuery);
  return (
    <Button
      variant="ghost"
      className="mr-auto"
      disabledReason={data?.templates.supported === false ? data.templates.reason : null}
      onClick={() => {
        onLeave();
        const from = `explorer:${stringifySearch(searchOfQuery(query))}`;
        void navigate({ to: '/exports/templates', search: { from } });
      }}
    >
      Save as template…
    </Button>
  );
}
