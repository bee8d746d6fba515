import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { FormEvent, ReactNode } from 'react';
import { IconButton } from '../icon-button.tsx';
import { useReturnFocus } from './return-focus.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Buttons, the safe one first. With `onSubmit` they are part of the form. */
  readonly footer?: ReactNode;
  /** Makes the dialog a form that Enter submits. */
  readonly onSubmit?: () => void;
  /** The dialog shows a value that can't be shown again, so neither Escape nor an outside click closes it. */
  readonly shownOnce?: boolean;
}

/** A modal dialog, 520 px wide, full width on a phone. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  onSubmit,
  shownOnce = false,
}: DialogProps) {
  const focus = useReturnFocus();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  const body = (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>
      {footer && (
        <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</div>
      )}
    </>
  );
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...focus}
          onInteractOutside={(event) => shownOnce && event.preventDefault()}
          onEscapeKeyDown={(event) => shownOnce && event.preventDefault()}
          {...(description === undefined && { 'aria-describedby': undefined })}
          className="pop-in fixed inset-x-0 top-[8vh] z-50 mx-auto flex max-h-[84vh] w-[min(520px,calc(100vw-24px))] flex-col rounded-lg border bg-surface shadow-float focus:outline-none"
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-0.5 text-sm text-muted">
                  {description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" icon={X} className="-mr-1.5" />
            </Radix.Close>
          </header>
          {onSubmit ? (
            <form onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
              {body}
            </form>
          ) : (
            body
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
