import type { ReactNode } from 'react';
import { visibleText } from '../format/visible-text.ts';

/** A list of names and values in two columns. */
export function DetailList({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-sm">{children}</dl>
  );
}

/** One name and its value; renders nothing without a value. */
export function Detail({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}) {
  if (children === undefined || children === null || children === false || children === '')
    return null;
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">
        <bdi>{typeof children === 'string' ? visibleText(children) : children}</bdi>
      </dd>
    </>
  );
}

/** A titled part of a drawer. */
export function DetailSection({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="text-sm font-semibold">{title}</h3>
      {children}
    </section>
  );
}
