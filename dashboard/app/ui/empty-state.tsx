import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What it means and what to do. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** It is all there is on the page, which has no other title. */
  readonly isPage?: boolean;
}

/** Where a list would be, when there is nothing to list. */
export function EmptyState(props: EmptyStateProps) {
  const { icon: Icon, title, children, actions, isPage = false } = props;
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className="mx-auto flex max-w-lg flex-col items-center px-4 py-16 text-center">
      <Icon aria-hidden size={26} strokeWidth={1.5} className="text-muted" />
      <Heading className="mt-3 text-lg font-semibold">{title}</Heading>
      {children !== undefined && (
        <div className="mt-1 text-base text-pretty text-muted">{children}</div>
      )}
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
