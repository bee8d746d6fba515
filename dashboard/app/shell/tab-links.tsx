import { Link, type LinkProps, useLocation } from '@tanstack/react-router';
import { classNames } from '../ui/class-names.ts';

export interface Tab {
  readonly to: NonNullable<LinkProps['to']>;
  readonly params?: { readonly tab: string };
  readonly label: string;
}

/** Tabs that are pages: links below the page's title. */
export function TabLinks({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
}) {
  const { pathname } = useLocation();
  const paths = tabs.map(({ to, params }) => to.replace('$tab', params?.tab ?? ''));
  // The longest matching path, because /exports/templates also starts with /exports.
  const open = paths
    .filter((path) => pathname === path || pathname.startsWith(`${path}/`))
    .reduce((longest, path) => (path.length > longest.length ? path : longest), '');
  return (
    <nav aria-label={label} className="-mb-px flex gap-4 overflow-x-auto">
      {tabs.map(({ to, params, label: name }, index) => (
        <Link
          key={paths[index]}
          to={to}
          {...(params && { params })}
          aria-current={paths[index] === open ? 'page' : undefined}
          className={classNames(
            'border-b-2 pb-2 text-base whitespace-nowrap',
            paths[index] === open
              ? 'border-accent font-medium text-text'
              : 'border-transparent text-muted hover:text-text',
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
