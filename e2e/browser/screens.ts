import type { Page } from '@playwright/test';
import type { Product } from './product.ts';
import type { Who } from './sign-in.ts';

export interface Screen {
  /** Of the file in docs/screens: `NAME.THEME.WIDTH.png`. */
  readonly name: string;
  readonly path: string;
  /** Nobody when left out. */
  readonly as?: Who;
  /**
   * Leads from the loaded page to what is to be seen and waits for it. Runs for each theme and width, on the same
   * product: it must find what an earlier run made, or not mind it.
   */
  readonly prepare?: (page: Page, product: Product) => Promise<void>;
}

/** Every page and state that docs/screens shows; they are taken in this order. */
export const SCREENS: readonly Screen[] = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'events', path: '/events', as: 'owner' },
];
