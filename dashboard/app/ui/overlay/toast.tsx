import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { type ReactNode, useSyncExternalStore } from 'react';
import { newId } from '../../new-id.ts';
import { classNames } from '../class-names.ts';
import { IconButton } from '../icon-button.tsx';
import type { Tone } from '../tone.ts';

interface ToastMessage {
  readonly title: string;
  readonly body?: ReactNode;
  readonly tone?: Tone;
  /** Links and buttons; F8 moves the focus to them. */
  readonly actions?: ReactNode;
  /** Milliseconds; default 6 s, 12 s with actions. */
  readonly durationMs?: number;
}

interface ShownToast extends ToastMessage {
  readonly id: string;
  /** Unique per call of showToast, so that a replaced toast is announced again and restarts its timer. */
  readonly key: string;
}

const ICONS = {
  neutral: Info,
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
} as const;
const TEXT: Readonly<Record<Tone, string>> = {
  neutral: 'text-muted',
  info: 'text-info',
  success: 'text-success',
  warning: 'text-warning',
  danger: 'text-danger',
};

let shown: readonly ShownToast[] = [];
const listeners = new Set<() => void>();

function set(next: readonly ShownToast[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/**
 * Announces a result. A toast must never hold the only copy of something. A toast with the same `id` is replaced.
 * @returns the toast's ID
 */
export function showToast(message: ToastMessage & { readonly id?: string }): string {
  const id = message.id ?? newId();
  set([...shown.filter((toast) => toast.id !== id), { ...message, id, key: newId() }].slice(-4));
  return id;
}

export function dismissToast(id: string): void {
  set(shown.filter((toast) => toast.id !== id));
}

/** Dismisses all toasts, because they were for the user who was signed in. */
export function dismissToasts(): void {
  set([]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Renders all toasts; mounted once around the app. */
export function ToastRegion({ children }: { readonly children: ReactNode }) {
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <Radix.Provider swipeDirection="right" label="Notification">
      {children}
      {toasts.map((toast) => (
        <ToastCard key={toast.key} toast={toast} />
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-60 flex w-[min(380px,calc(100vw-32px))] flex-col gap-2 outline-none max-sm:bottom-18" />
    </Radix.Provider>
  );
}

function ToastCard({ toast }: { readonly toast: ShownToast }) {
  const { id, title, body, tone = 'neutral', actions, durationMs } = toast;
  const Icon = ICONS[tone];
  return (
    <Radix.Root
      duration={durationMs ?? (actions === undefined ? 6000 : 12_000)}
      onOpenChange={(open) => !open && dismissToast(id)}
      className="pop-in flex items-start gap-2.5 rounded-lg border bg-surface p-3 shadow-float"
    >
      <Icon aria-hidden size={17} className={classNames('mt-0.5 shrink-0', TEXT[tone])} />
      <div className="min-w-0 flex-1 text-sm">
        <Radix.Title className="font-semibold break-words">{title}</Radix.Title>
        {body !== undefined && (
          <Radix.Description asChild>
            <div className="break-words text-muted">{body}</div>
          </Radix.Description>
        )}
        {actions !== undefined && <div className="mt-2 flex gap-2">{actions}</div>}
      </div>
      <Radix.Close asChild>
        <IconButton label="Dismiss" icon={X} className="-mt-1 -mr-1" />
      </Radix.Close>
    </Radix.Root>
  );
}
