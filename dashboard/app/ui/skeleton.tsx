import { classNames } from './class-names.ts';

/** A loading placeholder with the content's final size. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames('block animate-pulse rounded-sm bg-raised', className)}
    />
  );
}
