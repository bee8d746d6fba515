import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** An explanation and the next step. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** True if the state fills the page, so that its title is the page's heading. */
  readonly isPage?: boolean;
}

/** Shown in place of an empty list. */
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
