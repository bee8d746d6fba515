import { Lock, X } from 'lucide-react';

interface ChipProps {
  /** "Category" */
  readonly name: string;
  /** "auth, billing" */
  readonly value: string;
  /** If undefined, the chip cannot be removed and shows `lockedReason`. */
  readonly onRemove?: (() => void) | undefined;
  readonly lockedReason?: string | undefined;
}

/** An active filter. */
export function Chip({ name, value, onRemove, lockedReason }: ChipProps) {
  return (
    <span
      title={lockedReason}
      className="inline-flex h-7 max-w-80 items-center gap-1 rounded-md border border-line-strong bg-surface pl-2 text-sm"
    >
      <span className="shrink-0 text-muted">{name}:</span>
      <span className="truncate font-medium" title={value}>
        {value}
      </span>
      {onRemove ? (
        <button
          type="button"
          aria-label={`Remove filter ${name}: ${value}`}
          onClick={onRemove}
          className="grid h-full w-6 shrink-0 place-items-center rounded-r-md text-muted hover:bg-raised hover:text-text"
        >
          <X aria-hidden size={13} />
        </button>
      ) : (
        <span className="grid w-6 shrink-0 place-items-center text-muted">
          <Lock aria-label={lockedReason ?? 'Locked'} role="img" size={12} />
        </span>
      )}
    </span>
  );
}
