import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { Tooltip } from 'radix-ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';
import { queryClient } from './api/query-client.ts';
import { ensureKnownLanguage } from './format/known-language.ts';
import { router } from './router.tsx';
import { clearSessionCache } from './session/clear-session-cache.ts';
import { watchSession } from './session/session-expiry.ts';
import { TimeZoneProvider } from './time/time-zone.tsx';
import { showToast } from './ui/overlay/toast.tsx';

const TOOLTIP_DELAY_MS = 350;
const MAX_ATTEMPTS = 10;

ensureKnownLanguage();

// Zod would compile its parsers with eval, which the CSP forbids.
z.config({ jitless: true });

// react-remove-scroll adds a style element while a dialog is open; the CSP requires the nonce on it.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
if (nonce !== undefined) setNonce(nonce);

watchSession(() => {
  clearSessionCache();
  showToast({
    tone: 'warning',
    title: 'Your session has ended',
    body: 'Sign in again to continue where you were.',
  });
  return goToSignIn();
});

/** Opens the sign-in page. Repeats it if the user navigates meanwhile, because that cancels the navigation. */
async function goToSignIn(): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { href, pathname } = router.state.location;
    if (pathname === '/sign-in') return;
    await router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href } });
  }
}

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TimeZoneProvider>
        <Tooltip.Provider delayDuration={TOOLTIP_DELAY_MS}>
          <RouterProvider router={router} />
        </Tooltip.Provider>
      </TimeZoneProvider>
    </QueryClientProvider>
  </StrictMode>,
);
