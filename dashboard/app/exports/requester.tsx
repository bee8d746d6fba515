import { Bot, UserRound } from 'lucide-react';
import type { ExportJob } from '../api/exports.ts';

/** A person or an API key. */
export function Requester({ job }: { readonly job: Pick<ExportJob, 'requestedBy'> }) {
  const { type, label } = job.requestedBy;
  const Icon = type === 'user' ? UserRound : Bot;
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <Icon
        role="img"
        aria-label={type === 'user' ? 'Person' : 'API key'}
        size={14}
        strokeWidth={1.8}
        className="shrink-0 text-muted"
      />
      <bdi className="truncate" title={label}>
        {label}
      </bdi>
    </span>
  );
}
