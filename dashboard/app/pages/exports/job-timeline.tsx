import type { ExportJob } from '../../api/exports.ts';
import { exportState } from '../../exports/export-state.ts';
import { Timestamp } from '../../time/timestamp.tsx';
import { classNames } from '../../ui/class-names.ts';

interface Step {
  readonly name: string;
  readonly at: string | null;
  readonly detail?: string;
}

/** The steps of a job with their times. */
export function JobTimeline({ job }: { readonly job: ExportJob }) {
  const steps = stepsOf(job).filter(({ at }) => at !== null);
  return (
    <ol className="relative grid gap-2 border-l pl-4 text-sm">
      {steps.map(({ name, at, detail }, index) => (
        <li key={name} className="relative">
          <span
            aria-hidden
            className={classNames(
              'absolute top-1.5 -left-[20.5px] size-2 rounded-full',
              index === steps.length - 1 ? 'bg-accent' : 'bg-line-strong',
            )}
          />
          <span className="flex flex-wrap items-baseline justify-between gap-x-3">
            <span>
              {name}
              {detail !== undefined && <span className="text-muted"> {detail}</span>}
            </span>
            {at !== null && <Timestamp value={at} />}
          </span>
        </li>
      ))}
    </ol>
  );
}

function stepsOf(job: ExportJob): readonly Step[] {
  const {
    createdAt,
    startedAt,
    finishedAt,
    attempt,
    cancelRequestedAt,
    artifactExpiresAt,
    artifactDeletedAt,
    status,
  } = job;
  return [
    { name: 'Requested', at: createdAt },
    { name: 'Started', at: startedAt },
    { name: 'Cancel requested', at: cancelRequestedAt },
    {
      name: exportState(status).label,
      at: finishedAt,
      ...(startedAt !== null &&
        finishedAt !== null && {
          // `startedAt` is that of the first attempt.
          detail: `after ${duration(startedAt, finishedAt)}${attempt > 1 ? `, ${attempt} attempts` : ''}`,
        }),
    },
    typeof artifactDeletedAt !== 'string'
      ? {
          name: new Date(artifactExpiresAt ?? 0) <= new Date() ? 'File expired' : 'File expires',
          at: artifactExpiresAt,
        }
      : { name: 'File deleted', at: artifactDeletedAt },
  ];
}

function duration(from: string, to: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${Math.round(seconds / 60)} min`;
}
