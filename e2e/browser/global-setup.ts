import type { TestProject } from 'vitest/node';
import { findChromium } from './launch-chromium.ts';
import { openProduct, type Product } from './product.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The product all browser tests of a run share. */
    readonly product: Product;
  }
}

/** Runs once, and only when a browser test is selected: unpacks the browser and starts the product. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = process.env['EXHIBIT_E2E_HOME'];
  const [{ product, stop }] = await Promise.all([openProduct({ home }), findChromium()]);
  project.provide('product', product);
  return stop;
}
