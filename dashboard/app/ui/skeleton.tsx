import { classNames } from './class-names.ts';

/** Holds the place of something that is loading, in its final size. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames('block animate-pulse rounded-sm bg-raised', className)}
    />
  );
}
