import type { ReactNode } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import { Td, Tr } from './table.tsx';

interface RowBoundaryProps {
  readonly id: string;
  readonly children: ReactNode;
}

/** More than any table has: a cell that spans too many columns spans all there are. */
const ALL_COLUMNS = 20;

/** Keeps a row that cannot be rendered from breaking its table. */
export function RowBoundary({ id, children }: RowBoundaryProps) {
  return (
    <ErrorBoundary
      fallback={
        <Tr>
          <Td colSpan={ALL_COLUMNS} className="px-4 text-warning lg:px-6">
            Couldn't show this row. <code className="text-xs">{id}</code>
          </Td>
        </Tr>
      }
    >
      {children}
    </ErrorBoundary>
  );
}

/** The same in a list. */
export function ItemBoundary({ id, children }: RowBoundaryProps) {
  return (
    <ErrorBoundary
      fallback={
        <li className="border-b px-4 py-2.5 text-sm text-warning">
          Couldn't show this entry. <code className="text-xs break-all">{id}</code>
        </li>
      }
    >
      {children}
    </ErrorBoundary>
  );
}
