import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Tooltip } from './overlay/tooltip.tsx';

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  secondary: 'bg-surface text-text hover:bg-raised border-line-strong',
  ghost: 'bg-transparent text-text hover:bg-raised border-transparent',
  danger: 'bg-surface text-danger hover:bg-danger-tint border-danger-line',
} as const;

const SIZES = { sm: 'h-7 px-2 text-sm gap-1.5', md: 'h-8 px-3 text-sm gap-2' } as const;

interface Look {
  readonly variant?: keyof typeof VARIANTS;
  readonly size?: keyof typeof SIZES;
}

/** Button classes, also for links that look like buttons. */
export function buttonClass({ variant = 'secondary', size = 'md' }: Look = {}): string {
  return classNames(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors',
    'aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    VARIANTS[variant],
    SIZES[size],
  );
}

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'>, Look {
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  /**
   * The reason the button is disabled, shown on hover and focus. The button stays focusable so that the reason can be
   * read.
   */
  readonly disabledReason?: string | null | undefined;
  /** True while the button's action is running. */
  readonly busy?: boolean;
}

export function Button(props: ButtonProps) {
  const {
    variant,
    size,
    icon: Icon,
    children,
    disabledReason,
    busy = false,
    className,
    onClick,
    type,
    ...rest
  } = props;
  const off = busy || typeof disabledReason === 'string';
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <Tooltip text={disabledReason ?? ''}>
      <button
        {...rest}
        type={type ?? 'button'}
        aria-disabled={off || undefined}
        aria-busy={busy || undefined}
        onClick={click}
        className={classNames(
          buttonClass({ ...(variant && { variant }), ...(size && { size }) }),
          className,
        )}
      >
        {busy ? (
          <LoaderCircle aria-hidden size={15} className="animate-spin" />
        ) : (
          Icon && <Icon aria-hidden size={15} strokeWidth={1.9} />
        )}
        {children}
      </button>
    </Tooltip>
  );
}
