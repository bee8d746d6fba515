import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { EventQuery } from '../../api/event-query.ts';
import { capabilitiesQuery } from '../../api/exports.ts';
import { searchOfQuery } from '../../events/event-search.ts';
import { stringifySearch } from '../../search-parameters.ts';
import { Button } from '../../ui/button.tsx';
import type { FormatOptions } from './export-options-fields.tsx';

interface SaveAsTemplateProps {
  readonly query: EventQuery;
  readonly options: FormatOptions;
  readonly onLeave: () => void;
}

/** Saves the filters and options of the export dialog as a template. */
export function SaveAsTemplate({ query, options, onLeave }: SaveAsTemplateProps) {
  const navigate = useNavigate();
  const { data } = useQuery(capabilitiesQuery);
  return (
    <Button
      variant="ghost"
      className="mr-auto"
      disabledReason={data?.templates.supported === false ? data.templates.reason : null}
      onClick={() => {
        onLeave();
        const { format, compression, csv } = options;
        const address = stringifySearch({ ...searchOfQuery(query), format, compression, ...csv });
        const from = `explorer:${address}`;
        void navigate({ to: '/exports/templates', search: { from } });
      }}
    >
      Save as template…
    </Button>
  );
}
