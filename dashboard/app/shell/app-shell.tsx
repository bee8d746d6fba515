import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { meQuery } from '../api/me.ts';
import { FollowExports } from '../exports/follow/follow-exports.tsx';
import { RefusedDownload } from '../exports/refused-download.tsx';
import { SessionProvider } from '../session/session.tsx';
import { Tooltip } from '../ui/overlay/tooltip.tsx';
import { AccountMenu } from './account-menu.tsx';
import { NAVIGATION } from './navigation.ts';
import { useShortcuts } from './shortcuts.ts';

/** Loaded when it is first opened. */
const KeyboardHelp = lazy(async () => ({
  default: (await import('./keyboard-help.tsx')).KeyboardHelp,
}));

/**
 * The frame of signed-in pages. The sidebar is 216 px wide, shows only icons below 1024 px and becomes a bottom bar
 * below 640 px.
 */
export function AppShell() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [keysShown, setKeysShown] = useState(false);
  const navigate = useNavigate();
  const pages = NAVIGATION.filter(({ visible }) => visible(me));
  useShortcuts({
    '?': () => setKeysShown(true),
    ...Object.fromEntries(pages.map(({ to, key }) => [`g ${key}`, () => void navigate({ to })])),
  });
  return (
    <SessionProvider me={me}>
      <a
        href="#page"
        className="absolute -top-20 left-2 z-60 rounded-md bg-accent px-3 py-1.5 text-on-accent focus:top-2"
      >
        Skip to content
      </a>
      <div className="flex min-h-dvh max-sm:flex-col-reverse">
        <nav
          aria-label="Main"
          className="sticky top-0 z-20 flex h-dvh w-54 shrink-0 flex-col border-r bg-surface p-2 max-lg:w-13 max-sm:top-auto max-sm:bottom-0 max-sm:h-14 max-sm:w-full max-sm:flex-row max-sm:items-center max-sm:border-t max-sm:border-r-0"
        >
          <div className="flex items-center gap-2 px-2 pt-1.5 pb-4 max-lg:justify-center max-lg:px-0 max-sm:hidden">
            <img src="/favicon.svg" alt="" className="size-6" />
            <span className="min-w-0 max-lg:hidden">
              <span className="block text-base leading-4 font-semibold tracking-tight">
                Exhibit
              </span>
              <span className="block truncate text-xs text-muted" title={me.company.name}>
                {me.company.name}
              </span>
            </span>
          </div>
          <ul className="flex flex-1 flex-col gap-0.5 max-sm:flex-row max-sm:justify-around">
            {pages.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <Tooltip text={label} side="right">
                  <Link
                    to={to}
                    activeOptions={{ exact: to === '/', includeSearch: false }}
                    className="flex h-8 items-center gap-2.5 rounded-md px-2 text-base text-muted hover:bg-raised hover:text-text max-lg:w-9 max-lg:justify-center max-sm:h-11 max-sm:w-14 max-sm:flex-col max-sm:gap-0.5 data-[status=active]:bg-raised data-[status=active]:font-medium data-[status=active]:text-text"
                  >
                    <Icon aria-hidden size={17} strokeWidth={1.8} className="shrink-0" />
                    <span className="max-lg:sr-only max-sm:not-sr-only max-sm:text-[11px] max-sm:leading-3">
                      {label}
                    </span>
                  </Link>
                </Tooltip>
              </li>
            ))}
          </ul>
          <div className="flex items-center max-sm:w-11">
            <AccountMenu onShowKeys={() => setKeysShown(true)} />
          </div>
        </nav>
        <main id="page" tabIndex={-1} className="min-w-0 flex-1 focus:outline-none">
          <Outlet />
        </main>
      </div>
      <FollowExports />
      <RefusedDownload />
      {keysShown && (
        <Suspense>
          <KeyboardHelp open onOpenChange={setKeysShown} />
        </Suspense>
      )}
    </SessionProvider>
  );
}
