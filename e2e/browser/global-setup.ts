import type { TestProject } from 'vitest/node';
import { findChromium } from './launch-chromium.ts';
import { openProduct, type Product } from './product.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The product that all browser tests of a run share. */
    readonly product: Product;
  }
}

/** Unpacks the browser and starts the product. Runs once, and only if a browser test is selected. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = process.env['EXHIBIT_E2E_HOME'];
  const [{ product, stop }] = await Promise.all([openProduct({ home }), findChromium()]);
  project.provide('product', product);
  return stop;
}
