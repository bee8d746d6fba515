import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

/** A table with 36 px rows that scrolls sideways on narrow pages. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <div className="overflow-x-auto">
      <table {...props} className={classNames('w-full border-collapse text-sm', className)} />
    </div>
  );
}

export function Th({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...props}
      className={classNames(
        'h-8 border-b px-3 text-left text-xs font-medium whitespace-nowrap text-muted',
        className,
      )}
    />
  );
}

export function Td({ className, ...props }: ComponentProps<'td'>) {
  return <td {...props} className={classNames('h-9 border-b px-3 align-middle', className)} />;
}

/** A row that is highlighted on hover and while its `data-row` element has keyboard focus. */
export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      {...props}
      className={classNames(
        'hover:bg-raised/60 has-[[data-row]:focus-visible]:bg-accent-tint has-[[data-row]:focus-visible]:shadow-[inset_2px_0_0_var(--accent)]',
        className,
      )}
    />
  );
}
