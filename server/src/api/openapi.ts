import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod';

const DESCRIPTION = `Send audit events, export every matching event exactly once, download the file and verify it.

Authenticate with \`Authorization: Bearer exh_<region>_<secret>\`. Errors are RFC 9457 problem details with a stable \`code\`.`;

// Only the page's own assets; swagger-ui writes its styles inline.
const DOCS_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

// Parts of input schemas that JSON Schema cannot represent (transforms) become {}.
const zodToJsonConfig = { unrepresentable: 'any' } as const;

/** Serves `/openapi.json` (OpenAPI 3.1, /v1 only), generated from the routes' schemas, and `/docs`, which shows it. */
export async function openApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Exhibit',
        version: '1',
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key, exh_<region>_<secret>.',
          },
        },
      },
      tags: [
        { name: 'Events', description: 'Store and list audit events.' },
        { name: 'Exports', description: 'Asynchronous exports to JSONL and CSV files.' },
        { name: 'Keys', description: 'The calling API key.' },
      ],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    uiConfig: { docExpansion: 'list' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
