import { Link } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

/** Where nothing is around it. */
export function NotFoundPage() {
  return (
    <main>
      <NotFound isPage />
    </main>
  );
}

/** Within a page that has its title and main part. */
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
