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
 * Reads the config file. Returns an empty object if there is none.
 * @param keyNeeded if true, a file that other users can read is an error; otherwise such a file is ignored
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
      `${path} has mode ${mode}, so other users can read the key in it. Run: chmod 600 ${path}`,
    );
  }
  return parseConfig(path, await readFile(path, 'utf8'));
}

function parseConfig(path: string, text: string): ConfigFile {
  const invalid = (reason: string) => new CommandError(EXIT.usage, `${path}: ${reason}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Do not show the parser's message: it quotes the file, which contains the key.
    throw invalid('is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('must be an object such as {"apiUrl": "https://…", "apiKey": "exh_…"}');
  const config: { apiUrl?: string; apiKey?: string } = {};
  for (const [name, field] of Object.entries(value) as [string, unknown][]) {
    if (!FIELDS.has(name)) throw invalid(`"${name}" is not one of apiUrl, apiKey`);
    if (typeof field !== 'string') throw invalid(`${name} must be a string`);
    config[name === 'apiUrl' ? 'apiUrl' : 'apiKey'] = field;
  }
  return config;
}
