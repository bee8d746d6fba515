import { createHash } from 'node:crypto';
import { type Client, createClient } from '../client.ts';
import { configPath, readConfigFile } from './config-file.ts';
import { readDemo } from './demo-file.ts';
import { CommandError, EXIT } from './exit-codes.ts';

export interface ConnectionOptions {
  readonly apiUrl?: string;
  /** Name of a demo company; true selects the first one. */
  readonly demo?: string | true;
}

export interface Connection {
  readonly client: Client;
  /** Retries for about half a minute. For long operations, after the server has responded once. */
  readonly patientClient: Client;
  /** Lower-case workspace name → id. Empty unless --demo is used. */
  readonly workspaceNames: ReadonlyMap<string, string>;
}

const PATIENT_ATTEMPTS = 9;
const DEFAULT_API_URL = 'http://127.0.0.1:4600';

/**
 * Chooses URL and key: from `--demo`, else from the environment, else from the config file.
 * @throws CommandError if no key is configured or other users can read the config file
 */
export async function connect(
  options: ConnectionOptions,
  env: NodeJS.ProcessEnv,
): Promise<Connection> {
  if (options.demo !== undefined) {
    const demo = await readDemo(options.demo, env);
    return connectTo(options.apiUrl ?? demo.apiUrl, demo.apiKey, demo.workspaceNames);
  }
  const key = env['EXHIBIT_API_KEY'] ?? '';
  const url = options.apiUrl ?? env['EXHIBIT_API_URL'] ?? '';
  const config = key === '' || url === '' ? await readConfigFile(env, key === '') : {};
  const apiKey = key === '' ? config.apiKey : key;
  if (apiKey === undefined) throw noKey(env);
  const apiUrl = url === '' ? (config.apiUrl ?? DEFAULT_API_URL) : url;
  return connectTo(apiUrl, apiKey, new Map());
}

function connectTo(
  apiUrl: string,
  apiKey: string,
  workspaceNames: ReadonlyMap<string, string>,
): Connection {
  if (!URL.canParse(apiUrl) || !/^https?:/.test(apiUrl))
    throw new CommandError(EXIT.usage, `"${apiUrl}" is not a valid API URL.`);
  const options = { baseUrl: apiUrl, apiKey, sha256: createNativeSha256 };
  return {
    client: createClient(options),
    patientClient: createClient({ ...options, retry: { attempts: PATIENT_ATTEMPTS } }),
    workspaceNames,
  };
}

/** Node's native SHA-256, several times as fast as the JavaScript one. */
export function createNativeSha256() {
  const hash = createHash('sha256');
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digestHex: () => hash.digest('hex'),
  };
}

function noKey(env: NodeJS.ProcessEnv): CommandError {
  return new CommandError(
    EXIT.denied,
    `No API key. Set EXHIBIT_API_KEY, or write {"apiKey": "exh_…"} to ${configPath(env)} with mode 0600, or use --demo with a demo installation.`,
  );
}
