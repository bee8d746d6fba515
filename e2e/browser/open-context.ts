import type { Browser, BrowserContext } from '@playwright/test';
import type { Session } from './sign-in.ts';
import { patient } from '../../testing/patience.ts';

export type Theme = 'light' | 'dark';

export interface ContextOptions {
  /** The system's colour scheme, which the app follows by default; default: light. */
  readonly theme?: Theme;
  /** Width of the window in CSS pixels; default: 1440. 390 emulates a phone with touch. */
  readonly width?: number;
  /** Default: 900, or 844 on a phone. */
  readonly height?: number;
  /** Not UTC by default, so that times in the wrong zone are noticed. */
  readonly timezone?: string;
}

const PHONE_WIDTH = 500;

/** A separate browser context: only the session cookie, empty storage, clipboard access, reduced motion. */
export async function openContext(
  browser: Browser,
  baseURL: string,
  session: Session | undefined,
  options: ContextOptions = {},
): Promise<BrowserContext> {
  const { theme = 'light', width = 1440, timezone = 'Europe/Berlin' } = options;
  const isPhone = width < PHONE_WIDTH;
  const height = options.height ?? (isPhone ? 844 : 900);
  const context = await browser.newContext({
    baseURL,
    locale: 'en-GB',
    timezoneId: timezone,
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height },
    hasTouch: isPhone,
    permissions: ['clipboard-read', 'clipboard-write'],
    ...(session === undefined ? {} : { storageState: session }),
  });
  context.setDefaultTimeout(patient(10_000));
  return context;
}
