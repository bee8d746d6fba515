import { test as base } from './fixture.ts';
import type { Product } from './product.ts';
import { type ProductInParts, startProductInParts } from './product-in-parts.ts';

interface PartsFixtures {
  readonly parts: ProductInParts;
  readonly product: Product;
}

/** Like `test` of fixture.ts, with a product per file whose parts can be stopped. Starting it takes seconds. */
export const test = base.extend<PartsFixtures>({
  parts: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await using parts = await startProductInParts();
      await use(parts);
    },
    { scope: 'file' },
  ],
  product: [
    async ({ parts }, use) => {
      await use(parts.product);
    },
    { scope: 'file' },
  ],
});
