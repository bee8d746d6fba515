import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from '../icon-button.tsx';
import { useReturnFocus } from './return-focus.ts';

interface DrawerProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** Icon buttons next to the close button: previous, next, copy. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/**
 * Details at the right edge, 560 px wide, full width on a phone. Not modal, so that the list next to it stays usable.
 * Escape closes it.
 */
export function Drawer({ open, onClose, title, actions, children, footer }: DrawerProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} modal={false} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          data-drawer=""
          {...focus}
          onInteractOutside={(event) => event.preventDefault()}
          className="slide-in fixed inset-y-0 right-0 z-30 flex w-full flex-col border-l bg-surface shadow-float focus:outline-none sm:w-[min(560px,100vw)]"
        >
          <header className="flex h-13 shrink-0 items-center gap-1 border-b pr-3 pl-5">
            <Radix.Title className="min-w-0 flex-1 truncate text-lg font-semibold">
              {title}
            </Radix.Title>
            {actions}
            <Radix.Close asChild>
              <IconButton label="Close" icon={X} />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4" tabIndex={-1}>
            {children}
          </div>
          {footer && <footer className="flex flex-wrap gap-2 border-t px-5 py-3">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
