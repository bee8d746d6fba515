import { type ReactNode, useEffect } from 'react';

interface PageHeaderProps {
  readonly title: string;
  /** Title of the browser tab, if it differs from `title`. */
  readonly tabTitle?: string;
  readonly actions?: ReactNode;
  /** Tabs or a back link, shown below the title. */
  readonly children?: ReactNode;
}

/** The top of a page with its title and actions. Also sets the title of the browser tab. */
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
