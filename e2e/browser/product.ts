import { type DemoFile, readDemo, startExhibit } from '../start-exhibit.ts';
import { EVERYBODY, logInOf, type Session, signIn, type Who } from './sign-in.ts';

/** A running product with demo data and a session for every person. Serialisable, because workers receive it. */
export interface Product {
  readonly url: string;
  readonly apiUrl: string;
  readonly home: string;
  readonly demo: DemoFile;
  readonly sessions: Readonly<Record<Who, Session>>;
}

interface ProductOptions {
  /** The `EXHIBIT_HOME` of a running product, which is used instead of starting one. */
  readonly home?: string | undefined;
  /** The address of its dashboard, if it differs from the one in demo.json. */
  readonly url?: string | undefined;
}

const DEMO_EVENTS = '20000';

/** Starts a product or uses the running one. `stop` only stops a product that was started here. */
export async function openProduct(
  options: ProductOptions = {},
): Promise<{ readonly product: Product; readonly stop: () => Promise<void> }> {
  if (options.home !== undefined) {
    return { product: await describe(options.home, options.url), stop: async () => {} };
  }
  const running = await startExhibit({ EXHIBIT_DEMO: '1', EXHIBIT_DEMO_EVENTS: DEMO_EVENTS });
  try {
    return { product: await describe(running.home, undefined), stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function describe(home: string, url: string | undefined): Promise<Product> {
  const demo = await readDemo({ home });
  return describeProduct({ home, demo, url: url ?? demo.dashboardUrl });
}

/** Describes a running product and signs in every person of its demo data. */
export async function describeProduct(
  running: Pick<Product, 'home' | 'demo' | 'url'>,
): Promise<Product> {
  const { demo, url } = running;
  const sessions = await Promise.all(
    EVERYBODY.map(async (who) => [who, await signIn(url, logInOf(demo, who))] as const),
  );
  return {
    ...running,
    apiUrl: demo.apiUrl,
    sessions: Object.fromEntries(sessions) as Record<Who, Session>,
  };
}
