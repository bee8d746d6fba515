import type { ReactNode } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import { Td, Tr } from './table.tsx';

interface RowBoundaryProps {
  readonly id: string;
  readonly children: ReactNode;
}

/** More columns than any table has; browsers limit it to the existing ones. */
const ALL_COLUMNS = 20;

/** Contains a render error in one table row. */
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

/** Contains a render error in one list item. */
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
