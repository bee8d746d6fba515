import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError, EXIT } from './exit-codes.ts';

const FIELDS = new Set(['apiUrl', 'apiKey']);

interface ConfigFile {
  readonly apiUrl?: string;
  readonly apiKey?: string;
}

/** `$XDG_CONFIG_HOME/exhibit/config.json` */
export function configPath(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CONFIG_HOME'] ?? '';
  return join(base === '' ? join(homedir(), '.config') : base, 'exhibit', 'config.json');
}

/**
 * The config file; empty when there is none.
 * @param keyNeeded whether a file that others can read is an error; else it is passed over
 * @throws CommandError
 */
export async function readConfigFile(
  env: NodeJS.ProcessEnv,
  keyNeeded: boolean,
): Promise<ConfigFile> {
  const path = configPath(env);
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return {};
  if ((info.mode & 0o077) !== 0) {
    if (!keyNeeded) return {};
    const mode = (info.mode & 0o777).toString(8).padStart(4, '0');
    throw new CommandError(
      EXIT.denied,
      `${path} has mode ${mode}, so others can read the key in it. Run: chmod 600 ${path}`,
    );
  }
  return parseConfig(path, await readFile(path, 'utf8'));
}

function parseConfig(path: string, text: string): ConfigFile {
  const wrong = (what: string) => new CommandError(EXIT.usage, `${path}: ${what}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the file, and the key with it.
    throw wrong('is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('must be an object such as {"apiUrl": "https://…", "apiKey": "exh_…"}');
  const config: { apiUrl?: string; apiKey?: string } = {};
  for (const [name, field] of Object.entries(value) as [string, unknown][]) {
    if (!FIELDS.has(name)) throw wrong(`"${name}" is not one of apiUrl, apiKey`);
    if (typeof field !== 'string') throw wrong(`${name} must be a string`);
    config[name === 'apiUrl' ? 'apiUrl' : 'apiKey'] = field;
  }
  return config;
}
