import { Link } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** The not-found page outside the shell. */
export function NotFoundPage() {
  return (
    <main>
      <NotFound isPage />
    </main>
  );
}

/** The not-found state within a page that has its own title and main element. */
export function NotFound({ isPage = false }: { readonly isPage?: boolean }) {
  return (
    <EmptyState
      icon={MapPinOff}
      title="Page not found"
      isPage={isPage}
      actions={
        <Link to="/" className={buttonClass({ variant: 'primary' })}>
          Home
        </Link>
      }
    >
      The link may be wrong, or the item was deleted.
    </EmptyState>
  );
}
