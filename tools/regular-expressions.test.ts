import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { regularExpressionsOf, slowTextFor } from './regular-expressions.ts';
import { patient } from '../testing/patience.ts';

const ROOT = resolve(import.meta.dirname, '..');
const NOT_THE_PRODUCT = /\.test\.tsx?$|\/testing\/|\/node_modules\//;

/** These take the square of the length, of what has a length of ours. */
const BOUNDED: Readonly<Record<string, string>> = {
  'server/src/events/ingest/timestamp.ts: /0+$/': 'six digits that were just made',
  'client/src/problem-response.ts: /<[^>]*>|\\s+/g':
    'the first few thousand characters of an answer',
  'client/src/transport.ts: /\\/+$/': 'the address that the program itself was given',
};

/** They put constants of ours together; none is made of a text that somebody sent. */
const BUILT = [
  'dashboard/bff/proxy/evidenced-route.ts',
  'server/src/exports/artifact/artifact-key.ts',
  'server/src/storage/artifact-key.ts',
];

/** What the product matches texts with, server, dashboard, web app and client. */
async function ofTheProduct() {
  const found: { readonly file: string; readonly pattern: RegExp }[] = [];
  const building: string[] = [];
  const sources = ['server/src/**/*.ts', 'dashboard/**/*.{ts,tsx}', 'client/src/**/*.ts'];
  for await (const file of glob(sources, { cwd: ROOT })) {
    if (NOT_THE_PRODUCT.test(`/${file}`)) continue;
    const source = await readFile(resolve(ROOT, file), 'utf8');
    const { written, built } = regularExpressionsOf(file, source);
    found.push(...written.map((pattern) => ({ file, pattern })));
    if (built > 0) building.push(file);
  }
  return { found, building };
}

describe('regular expressions', () => {
  test('of the product are done with any long text in time', {
    timeout: patient(120_000),
  }, async () => {
    const { found, building } = await ofTheProduct();
    expect(found.length).toBeGreaterThan(50);
    const slow = found.flatMap(({ file, pattern }) => {
      const pump = slowTextFor(pattern);
      return pump === undefined ? [] : [`${file}: ${pattern}`];
    });
    expect(slow.toSorted()).toEqual(Object.keys(BOUNDED).toSorted());
    expect(building.toSorted()).toEqual(BUILT);
  });

  test.for([/^(a+)+$/, /\s+$/, /^(\w|-)*-?\w*@$/, /(?:a|aa)+b/])(
    'that take more than the length of the text are found: %s',
    (pattern) => {
      expect(slowTextFor(pattern)).toBeDefined();
    },
  );

  test('are found wherever they stand in a source', () => {
    const source = `const a = /x+/u; f(text.replace(/y/g, '')); class A { #b = new RegExp(given); }`;
    const { written, built } = regularExpressionsOf('a.ts', source);
    expect([written.map(String), built]).toEqual([['/x+/u', '/y/g'], 1]);
  });
});
