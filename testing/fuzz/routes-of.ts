import Fastify, { type FastifyInstance } from 'fastify';

/** Lists the routes that `register` registers, such as `GET /events`, without the HEAD routes that Fastify adds. */
export async function routesOf(
  register: (app: FastifyInstance) => Promise<void> | void,
): Promise<string[]> {
  const routes = new Set<string>();
  const app = Fastify();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.add(`${one} ${url}`);
  });
  await register(app);
  await app.close();
  return [...routes].sort();
}
