import { type ReactNode, useEffect } from 'react';

/** The frame of pages without a session: one narrow column. */
export function FrontPage({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Exhibit`;
  }, [title]);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-88 flex-col justify-center px-4 py-12">
      <div className="mb-6 flex items-center gap-2.5">
        <img src="/favicon.svg" alt="" className="size-7" />
        <span className="text-lg font-semibold tracking-tight">Exhibit</span>
      </div>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">{title}</h1>
      {children}
    </main>
  );
}
