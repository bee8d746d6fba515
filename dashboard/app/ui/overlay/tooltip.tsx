import { Tooltip as Radix } from 'radix-ui';
import type { FocusEvent, ReactNode } from 'react';

interface TooltipProps {
  /** An empty text shows no tooltip. */
  readonly text: ReactNode;
  readonly children: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
}

/** Focus that returns from a dialog or menu after a click must not open the tooltip. */
function onlyByKeyboard(event: FocusEvent<HTMLElement>): void {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
}

/** Describes a control on hover and focus. The child must accept a ref (a button, a link, a span). */
export function Tooltip({ text, children, side = 'top' }: TooltipProps) {
  if (text === undefined || text === null || text === '') return children;
  return (
    <Radix.Root>
      <Radix.Trigger asChild onFocus={onlyByKeyboard}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="pop-in z-60 max-w-72 rounded-md bg-text px-2 py-1 text-xs text-bg shadow-float"
        >
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
