import type { Browser, BrowserContext } from '@playwright/test';
import type { Session } from './sign-in.ts';
import { patient } from '../../testing/patience.ts';

export type Theme = 'light' | 'dark';

export interface ContextOptions {
  /** The colour scheme of the system, which the app follows unless told otherwise; light by default. */
  readonly theme?: Theme;
  /** Of the window in CSS pixels: 1440 by default; 390 is a phone, with touch. */
  readonly width?: number;
  /** 900 by default, 844 on a phone. */
  readonly height?: number;
  /** By default one that is not UTC, so that a time shown in the wrong zone is seen. */
  readonly timezone?: string;
}

const PHONE_WIDTH = 500;

/** A window of its own: no cookies but the session's, no storage, may use the clipboard, moves nothing. */
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
