import { setFlagsFromString } from 'node:v8';
import { handleUsageErrors, registerClientCommands } from '@exhibit/client/cli';
import { Command, Option } from 'commander';
import { readConfig } from '../server/src/config.ts';
import { PERMISSIONS } from '../server/src/tenancy/api-key.ts';

// Each command is imported only when it runs, so that a worker does not load the api's libraries and --help is fast.
const program = handleUsageErrors(new Command('exhibit'))
  .description('Explore audit events, export every match exactly once, and verify the result.')
  .version('0.1.0')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nSettings are environment variables; docs/operations/settings.md lists them. Exit codes: 0 success, 1 failure, 2 wrong usage; docs/guide/command-line.md lists the others.',
  );

program
  .command('up')
  .description('run everything on an embedded PostgreSQL: api, worker and dashboard')
  .option('--json', 'print the addresses as one line of JSON when everything is running')
  .option('--dev', 'restart processes when their sources change, serve the web app with hot reload')
  .action(async (options) =>
    (await import('./commands/up.ts')).up(readConfig(process.env), options),
  );
program
  .command('api')
  .description('run the HTTP API')
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
 * Call this before importing a command. The imports alone would grow each of V8's three semi-spaces to 16 MB, and V8
 * then keeps that garbage and the external memory it refers to. An idle dashboard uses 116 MB with this flag and
 * 139 MB without it.
 */
function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

const regionOption = () =>
  new Option('--region <region>', 'only this region; default: all regions');

program
  .command('migrate')
  .description('apply pending migrations to every database')
  .addOption(regionOption())
  .option('--to <migration>', 'stop after this migration (name or timestamp)')
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/migrate.ts')).migrate(readConfig(process.env), options),
  )
  .command('status')
  .description('show the migrations of each database')
  .addOption(regionOption())
  .option('--json', 'print the result as JSON')
  .action(async (_options, command: Command) =>
    (await import('./commands/migrate.ts')).migrateStatus(
      readConfig(process.env),
      command.optsWithGlobals(),
    ),
  );

const keys = program.command('keys').description('manage API keys');
keys
  .command('create')
  .description('create an API key and print it; it is shown only once')
  .requiredOption('--company <id>', 'company ID')
  .option('--workspace <id>', 'bind the key to one workspace; default: the whole company')
  .option('--name <name>', 'name shown in lists and audit entries', 'command line')
  .addOption(
    new Option('--permission <permission...>', 'permissions of the key; default: all').choices(
      PERMISSIONS,
    ),
  )
  .option('--expires <days>', 'days until it expires; default: never')
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/keys.ts')).createKey(readConfig(process.env), options),
  );
keys
  .command('list')
  .description('list the API keys of a company')
  .requiredOption('--company <id>', 'company ID')
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/keys.ts')).listKeys(readConfig(process.env), options),
  );
keys
  .command('revoke')
  .description('revoke an API key, effective from its next request')
  .argument('<key-id>', 'ID of the key (not the key itself)')
  .requiredOption('--company <id>', 'company ID')
  .option('--json', 'print the result as JSON')
  .action(async (id: string, options) =>
    (await import('./commands/keys.ts')).revokeKey(readConfig(process.env), id, options),
  );

const companies = program
  .command('companies')
  .description('manage the companies of this installation');
companies
  .command('create')
  .description("create a company and print its owner's invitation link; it is shown only once")
  .requiredOption('--name <name>', 'name of the company')
  .requiredOption('--region <region>', 'region that stores all its data; cannot be changed later')
  .requiredOption('--owner-email <email>', 'email address to invite as the owner')
  .option('--workspace <name...>', 'workspaces to create; default: Production')
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/companies.ts')).createCompany(readConfig(process.env), options),
  );
companies
  .command('list')
  .description('list the companies and whether they are set up in their region')
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/companies.ts')).listCompanies(readConfig(process.env), options),
  );
companies
  .command('set')
  .description("change a company's settings")
  .requiredOption('--company <id>', 'company ID')
  .addOption(
    new Option(
      '--future-timestamps <choice>',
      'accept or refuse events timestamped more than 24 hours ahead; default: refuse',
    )
      .choices(['allow', 'refuse'])
      .makeOptionMandatory(),
  )
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/company-settings.ts')).setCompany(readConfig(process.env), options),
  );

program
  .command('demo')
  .description('manage the demo data of this installation')
  .command('disable')
  .description(
    'disable the demo accounts and revoke the API keys of their companies, before going live',
  )
  .option('--json', 'print the result as JSON')
  .action(async (options) =>
    (await import('./commands/demo.ts')).disableDemo(readConfig(process.env), options),
  );

// Keep this last: shell completion only covers commands that are already registered.
registerClientCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`exhibit: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
