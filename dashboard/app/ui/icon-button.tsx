import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, MouseEvent } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './overlay/tooltip.tsx';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children'> {
  /** The button's name, for screen readers and the tooltip. */
  readonly label: string;
  readonly icon: LucideIcon;
  /** The reason the button is disabled; replaces the tooltip. */
  readonly disabledReason?: string | null | undefined;
}

/** A square 28 px button with only an icon. */
export function IconButton({
  label,
  icon: Icon,
  disabledReason,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  const off = typeof disabledReason === 'string';
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <Tooltip text={disabledReason ?? label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-disabled={off || undefined}
        onClick={click}
        className={classNames(
          'inline-grid size-7 shrink-0 place-items-center rounded-md text-muted transition-colors hover:bg-raised hover:text-text aria-disabled:cursor-not-allowed aria-disabled:opacity-45',
          className,
        )}
      >
        <Icon aria-hidden size={16} strokeWidth={1.8} />
      </button>
    </Tooltip>
  );
}
