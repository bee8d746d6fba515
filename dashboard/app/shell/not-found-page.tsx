import { Link } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';

export function NotFoundPage() {
  return (
    <main>
      <EmptyState
        icon={MapPinOff}
        title="There is nothing at this address"
        isPage
        actions={
          <Link to="/" className={buttonClass({ variant: 'primary' })}>
            Home
          </Link>
        }
      >
        The link may be mistyped, or what it showed is gone.
      </EmptyState>
    </main>
  );
}
