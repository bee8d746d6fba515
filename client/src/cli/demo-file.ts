import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, EXIT } from './exit-codes.ts';

export interface DemoConnection {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Lower-case name → id. */
  readonly workspaceNames: ReadonlyMap<string, string>;
}

interface DemoCompany {
  readonly name: string;
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
  readonly apiKeys: { readonly company: string };
}

interface DemoFile {
  readonly apiUrl: string;
  readonly companies: readonly DemoCompany[];
}

/**
 * Reads the connection of a demo company from the demo.json that `npm start` wrote.
 * @param company name of the company; true selects the first one
 * @throws CommandError
 */
export async function readDemo(
  company: string | true,
  env: NodeJS.ProcessEnv,
): Promise<DemoConnection> {
  const home = env['EXHIBIT_HOME'] ?? '';
  const path = join(home === '' ? '.exhibit' : home, 'demo.json');
  const { apiUrl, companies } = await readDemoFile(path);
  const chosen =
    company === true
      ? companies[0]
      : companies.find(({ name }) => name.toLowerCase() === company.toLowerCase());
  if (chosen === undefined) {
    const names = companies.map(({ name }) => name).join(', ');
    throw new CommandError(
      EXIT.usage,
      `The demo has no company "${String(company)}". Its companies: ${names}. Write file arguments before --demo.`,
    );
  }
  return {
    apiUrl,
    apiKey: chosen.apiKeys.company,
    workspaceNames: new Map(chosen.workspaces.map(({ id, name }) => [name.toLowerCase(), id])),
  };
}

/** Not validated: `exhibit up` writes this file. */
async function readDemoFile(path: string): Promise<DemoFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError(
      EXIT.denied,
      `${path} cannot be read. --demo needs a demo installation (npm start) and its EXHIBIT_HOME.`,
      { cause: error },
    );
  }
  const demo: DemoFile = JSON.parse(text);
  return demo;
}
