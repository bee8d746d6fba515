import { Progress } from 'radix-ui';
import { classNames } from './class-names.ts';

interface ProgressBarProps {
  /** "Export progress" */
  readonly label: string;
  readonly done: number;
  /** null: unknown total, shown as an indeterminate bar. */
  readonly total: number | null;
}

export function ProgressBar({ label, done, total }: ProgressBarProps) {
  const share = total === null || total === 0 ? null : Math.min(done / total, 1);
  return (
    <Progress.Root
      aria-label={label}
      value={share === null ? null : Math.round(share * 100)}
      className="h-1.5 w-full overflow-hidden rounded-full bg-info-tint"
    >
      <Progress.Indicator
        className={classNames(
          'h-full rounded-full bg-info transition-[width] duration-150',
          share === null && 'animate-pulse',
        )}
        style={{ width: share === null ? '35%' : `${share * 100}%` }}
      />
    </Progress.Root>
  );
}
