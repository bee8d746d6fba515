import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** What the browser tab says, when that is more than the title. */
  readonly tabTitle?: string;
  readonly actions?: ReactNode;
  /** Tabs or a way back, under the title. */
  readonly children?: ReactNode;
}

/** The top of every page: its title, its actions, and the title of the browser tab. */
export function PageHeader({ title, tabTitle, actions, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${tabTitle ?? title} · Exhibit`;
  }, [title, tabTitle]);
  return (
    <header className="border-b bg-surface px-4 lg:px-6">
      <div className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-2 py-2">
        <h1 className="mr-auto text-xl font-semibold tracking-tight">{title}</h1>
        {actions}
      </div>
      {children}
    </header>
  );
}
