import { setFlagsFromString } from 'node:v8';
import { handleUsageErrors, registerClientCommands } from '@exhibit/client/cli';
import { Command, Option } from 'commander';
import { readConfig } from '../server/src/config.ts';
import { PERMISSIONS } from '../server/src/tenancy/api-key.ts';

// Commands are imported when they run: a worker does not carry the api's libraries, and --help is quick.
const program = handleUsageErrors(new Command('exhibit'))
  .description('Exhibit: explore audit events, export every matching one exactly once, prove it.')
  .version('0.1.0')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nSettings come from the environment; docs/operations/operating.md lists them. Exit code 0: done, 1: failed, 2: usage; docs/guide/command-line.md has the others.',
  );

program
  .command('up')
  .description('run everything on an embedded PostgreSQL: api, worker and dashboard')
  .option('--json', 'when it is up, one line of JSON with the addresses')
  .option('--dev', 'restart processes when their sources change, serve the web app with hot reload')
  .action(async (options) =>
    (await import('./commands/up.ts')).up(readConfig(process.env), options),
  );
program
  .command('api')
  .description('run the HTTP api')
  .action(async () => (await import('./commands/api.ts')).runApi(readConfig(process.env)));
program
  .command('worker')
  .description('run export jobs')
  .action(async () => {
    keepYoungGenerationSmall();
    await (await import('./commands/worker.ts')).runWorker(readConfig(process.env));
  });
program
  .command('dashboard')
  .description('run the dashboard')
  .action(async () => {
    keepYoungGenerationSmall();
    await (await import('./commands/dashboard.ts')).runDashboard(readConfig(process.env));
  });

/**
 * Before a command's imports: they alone let the young generation grow to 16 MB three times over, garbage that then
 * stays, and what it holds of foreign memory with it. An idle dashboard has 116 MB with this, 139 MB without.
 */
function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

const regionOption = () => new Option('--region <region>', 'one region; default: all');

program
  .command('migrate')
  .description('bring the databases of all regions up to date')
  .addOption(regionOption())
  .option('--to <migration>', 'stop after this migration (name or timestamp)')
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/migrate.ts')).migrate(readConfig(process.env), options),
  )
  .command('status')
  .description('which migrations each region has')
  .addOption(regionOption())
  .option('--json', 'as JSON')
  .action(async (_options, command: Command) =>
    (await import('./commands/migrate.ts')).migrateStatus(
      readConfig(process.env),
      command.optsWithGlobals(),
    ),
  );

const keys = program.command('keys').description('API keys');
keys
  .command('create')
  .description('make an API key and print it, once')
  .requiredOption('--company <id>', 'company id')
  .option('--workspace <id>', 'bind the key to one workspace; default: the whole company')
  .option('--name <name>', 'name shown in lists and audit entries', 'command line')
  .addOption(
    new Option('--permission <permission...>', 'what it may do; default: everything').choices(
      PERMISSIONS,
    ),
  )
  .option('--expires <days>', 'days until it expires; default: never')
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/keys.ts')).createKey(readConfig(process.env), options),
  );
keys
  .command('list')
  .description('list the API keys of a company')
  .requiredOption('--company <id>', 'company id')
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/keys.ts')).listKeys(readConfig(process.env), options),
  );
keys
  .command('revoke')
  .description('revoke an API key; takes effect with its next request')
  .argument('<key-id>', 'the id of the key, not its secret')
  .requiredOption('--company <id>', 'company id')
  .option('--json', 'as JSON')
  .action(async (id: string, options) =>
    (await import('./commands/keys.ts')).revokeKey(readConfig(process.env), id, options),
  );

const companies = program.command('companies').description('companies of this installation');
companies
  .command('create')
  .description('make a company and print the invitation of its owner, once')
  .requiredOption('--name <name>', 'name of the company')
  .requiredOption('--region <region>', 'where all its data stays; it cannot be moved')
  .requiredOption('--owner-email <email>', 'who is invited as its owner')
  .option('--workspace <name...>', 'its first workspaces; default: Production')
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/companies.ts')).createCompany(readConfig(process.env), options),
  );
companies
  .command('list')
  .description('list the companies and whether their region knows them')
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/companies.ts')).listCompanies(readConfig(process.env), options),
  );
companies
  .command('set')
  .description('change what a company may do')
  .requiredOption('--company <id>', 'company id')
  .addOption(
    new Option(
      '--future-timestamps <choice>',
      'events more than 24 hours ahead of the clock; refused unless allowed here',
    )
      .choices(['allow', 'refuse'])
      .makeOptionMandatory(),
  )
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/company-settings.ts')).setCompany(readConfig(process.env), options),
  );

program
  .command('demo')
  .description('the demo data of this installation')
  .command('disable')
  .description(
    'before going live: disable the demo accounts and revoke the keys of their companies',
  )
  .option('--json', 'as JSON')
  .action(async (options) =>
    (await import('./commands/demo.ts')).disableDemo(readConfig(process.env), options),
  );

// Last: completion knows what was added before it.
registerClientCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`exhibit: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
