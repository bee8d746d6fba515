import {
  createRootRouteWithContext,
  type ErrorComponentProps,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from './api/me.ts';
import { isProblem } from './api/problem.ts';
import { queryClient } from './api/query-client.ts';
import { readEventSearch } from './events/event-search.ts';
import { readExportsSearch } from './pages/exports/exports-search.ts';
import { readTemplatesSearch } from './pages/templates/templates-search.ts';
import { readEvidenceSearch } from './pages/evidence/evidence-search.ts';
import { readSignInSearch } from './pages/sign-in/sign-in-search.ts';
import { parseSearch, stringifySearch } from './search-parameters.ts';
import { AppShell } from './shell/app-shell.tsx';
import { ErrorPage } from './shell/error-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { ToastRegion } from './ui/overlay/toast.tsx';

/** Toasts contain links, so they are rendered within the router. */
function Root() {
  return (
    <ToastRegion>
      <Outlet />
    </ToastRegion>
  );
}

/** The error page outside the shell, which has no sidebar and no main element. */
function ErrorWithoutShell(props: ErrorComponentProps) {
  return (
    <main>
      <ErrorPage {...props} />
    </main>
  );
}

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  errorComponent: ErrorWithoutShell,
  notFoundComponent: NotFoundPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(
    () => import('./pages/invitation/invitation-page.tsx'),
    'InvitationPage',
  ),
});

/** All pages that require a session. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!isProblem(error, 'UNAUTHENTICATED')) throw error;
      throw redirect({
        to: '/sign-in',
        search: location.href === '/' ? {} : { next: location.href },
      });
    }
  },
  component: AppShell,
  errorComponent: ErrorWithoutShell,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/home-page.tsx'), 'HomePage'),
});

const events = createRoute({
  getParentRoute: () => signedIn,
  path: '/events',
  validateSearch: readEventSearch,
  component: lazyRouteComponent(() => import('./pages/events/events-page.tsx'), 'EventsPage'),
});

const exportsPage = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports',
  validateSearch: readExportsSearch,
  component: lazyRouteComponent(() => import('./pages/exports/exports-page.tsx'), 'ExportsPage'),
});

/** The list of exports with one job's drawer open. */
const exportJob = createRoute({ getParentRoute: () => exportsPage, path: '$jobId' });

/** A sibling of `/exports/$jobId`; the static path takes precedence. */
const templates = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports/templates',
  validateSearch: readTemplatesSearch,
  component: lazyRouteComponent(
    () => import('./pages/templates/templates-page.tsx'),
    'TemplatesPage',
  ),
});

const evidence = createRoute({
  getParentRoute: () => signedIn,
  path: '/evidence',
  validateSearch: readEvidenceSearch,
  component: lazyRouteComponent(() => import('./pages/evidence/evidence-page.tsx'), 'EvidencePage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

/** `/settings` shows the profile; other tabs have paths such as `/settings/members`. */
const settingsTab = createRoute({ getParentRoute: () => settings, path: '$tab' });

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    invitation,
    signedIn.addChildren([
      home,
      events,
      templates,
      exportsPage.addChildren([exportJob]),
      evidence,
      settings.addChildren([settingsTab]),
    ]),
  ]),
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: ErrorPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
