import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { regularExpressionsOf, slowTextFor } from './regular-expressions.ts';
import { patient } from '../testing/patience.ts';

const ROOT = resolve(import.meta.dirname, '..');
const NOT_THE_PRODUCT = /\.test\.tsx?$|\/testing\/|\/node_modules\//;

/** Quadratic expressions whose input has a length that we control, with that input. */
const BOUNDED: Readonly<Record<string, string>> = {
  'server/src/events/ingest/timestamp.ts: /0+$/': 'six digits that the server wrote',
  'client/src/problem-response.ts: /<[^>]*>|\\s+/g':
    'the first few thousand characters of an answer',
  'client/src/transport.ts: /\\/+$/': 'the address from the command line',
};

/** Files that build expressions from constants; none uses text of a request. */
const BUILT = [
  'dashboard/bff/proxy/evidenced-route.ts',
  'server/src/exports/artifact/artifact-key.ts',
  'server/src/storage/artifact-key.ts',
];

/** Every regular expression of server, dashboard, web app and client. */
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
  test('every regular expression of the product finishes in time on long hostile text', {
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
    'the expression %s is found to take more than linear time',
    (pattern) => {
      expect(slowTextFor(pattern)).toBeDefined();
    },
  );

  test('regular expressions are found anywhere in a source file', () => {
    const source = `const a = /x+/u; f(text.replace(/y/g, '')); class A { #b = new RegExp(given); }`;
    const { written, built } = regularExpressionsOf('a.ts', source);
    expect([written.map(String), built]).toEqual([['/x+/u', '/y/g'], 1]);
  });
});
