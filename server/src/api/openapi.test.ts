import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CATALOGUE, type ErrorCode } from '../errors.ts';
import { startTestApi, type TestApi } from '../../../testing/test-api.ts';

interface Media {
  readonly schema?: { readonly $ref?: string };
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, Media> }>
  >;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<
      Record<string, { readonly properties?: { readonly code?: { readonly enum?: string[] } } }>
    >;
  };
}

let api: TestApi;
let document: OpenApi;
let operations: (readonly [name: string, operation: Operation])[];

// The document is generated from the routes alone, so no region is needed.
beforeAll(async () => {
  api = await startTestApi([]);
  document = (await (await fetch(`${api.url}/openapi.json`)).json()) as OpenApi;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});

afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
});

test('openapi.json is OpenAPI 3.1 and has every public operation and nothing else', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(operations.map(([name]) => name).sort()).toEqual([
    'delete /v1/exports/{jobId}/artifact',
    'get /v1/events',
    'get /v1/exports',
    'get /v1/exports/{jobId}',
    'get /v1/exports/{jobId}/download',
    'get /v1/keys/status',
    'post /v1/events',
    'post /v1/events/search',
    'post /v1/exports',
    'post /v1/exports/{jobId}/cancel',
  ]);
});

test('every operation has an operationId, a summary and a tag, and requires a key', () => {
  for (const [name, { operationId, summary, tags, security }] of operations) {
    expect(operationId, name).toMatch(/^[a-z][A-Za-z]+$/);
    expect(summary, name).toMatch(/\S/);
    expect(tags, name).toHaveLength(1);
    expect(security, name).toEqual([{ apiKey: [] }]);
  }
});

test('no two operations have the same operationId', () => {
  const names = operations.map(([, { operationId }]) => operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('every path parameter is described', () => {
  for (const [name, { parameters = [] }] of operations) {
    const wanted = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const described = parameters.filter((parameter) => parameter.in === 'path');
    expect(described.map((parameter) => parameter.name)).toEqual(wanted);
  }
});

test('every reference in the document has a target', () => {
  const references = [
    ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g),
  ];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name] of references)
    expect(document.components.schemas).toHaveProperty([name ?? '']);
});

describe('problem responses', () => {
  test('the problems of every operation are problem+json, with codes of the catalogue under their own status', () => {
    for (const [name, { responses }] of operations) {
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect(
        refusals.map(([status]) => status),
        name,
      ).toEqual(expect.arrayContaining(['401', '500']));
      for (const [status, { description, content }] of refusals) {
        expect(Object.keys(content ?? {}), name).toEqual(['application/problem+json']);
        expect(content?.['application/problem+json']?.schema?.$ref).toMatch(/\/Problem$/);
        for (const code of description.split(', ')) {
          expect(ERROR_CATALOGUE, name).toHaveProperty(code);
          expect(ERROR_CATALOGUE[code as ErrorCode].status, `${name} ${code}`).toBe(Number(status));
        }
      }
    }
  });

  test('the schema of a problem allows exactly the codes of the catalogue', () => {
    const { properties } = document.components.schemas['Problem'] ?? {};
    expect(properties?.code?.enum).toEqual(Object.keys(ERROR_CATALOGUE));
  });
});

test('the download is described with the content types that it returns', () => {
  const { responses } = document.paths['/v1/exports/{jobId}/download']?.['get'] ?? {
    responses: {},
  };
  const types = ['application/gzip', 'application/x-ndjson', 'application/zstd', 'text/csv'];
  for (const status of ['200', '206'])
    expect(Object.keys(responses[status]?.content ?? {}).sort()).toEqual(types);
});

describe('the documentation page', () => {
  const get = (path: string) => fetch(`${api.url}${path}`);

  test('the documentation page and everything it loads come from the api itself', async () => {
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address ?? '',
    );
    expect(assets.length).toBeGreaterThan(4);
    expect(html).not.toMatch(/https?:\/\//);
    for (const address of assets) {
      const url = new URL(address, `${api.url}/docs`);
      expect(url.origin).toBe(api.url);
      const asset = await fetch(url);
      expect(asset.status, address).toBe(200);
      if (address.endsWith('.css'))
        expect(await asset.text()).not.toMatch(/(?:url\(|@import)\s*["']?(?:https?:)?\/\//);
      else await asset.body?.cancel();
    }
  });

  test('the documentation page shows the same document and sends it to no external validator', async () => {
    expect(await (await get('/docs/json')).json()).toEqual(document);
    const initializer = await (await get('/docs/static/swagger-initializer.js')).text();
    expect(initializer).toContain('validatorUrl: null');
    expect(initializer).toContain("resolveUrl('./json')");
  });

  test('the documentation page works over plain HTTP, and its policy allows no other host', async () => {
    const policy = (await get('/docs')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/upgrade-insecure-requests|https:|swagger\.io/);
  });
});
