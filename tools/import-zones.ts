interface Zone {
  /** Folder whose files the row is about; the longest matching folder counts. */
  readonly folder: string;
  readonly holds: string;
  /** Other zones that its files may import. */
  readonly imports: readonly string[];
  /** Further zones that its tests, and files in its folders named `testing`, may import. */
  readonly tests?: readonly string[];
}

/**
 * Which folder may import which, type imports and dynamic imports included. `npm run check:drift` enforces the table,
 * and the architecture page shows it.
 */
export const IMPORT_ZONES: readonly Zone[] = [
  {
    folder: 'contract',
    holds:
      'pure TypeScript that several packages share: EventQuery and its filter fields, ranges, states, JSON',
    imports: [],
  },
  {
    folder: 'http-edge',
    holds:
      'how the api and the dashboard receive requests and report errors: limits, bodies, problems, rate limits',
    imports: ['contract'],
    tests: ['dashboard/bff', 'server/src', 'testing'],
  },
  {
    folder: 'server/src',
    holds: 'configuration, errors, event IDs and the dependencies of the processes',
    imports: [
      'contract',
      'http-edge',
      'server/src/api',
      'server/src/exports',
      'server/src/events',
      'server/src/tenancy',
      'server/src/regions',
      'server/src/storage',
    ],
    tests: ['testing'],
  },
  {
    folder: 'server/src/api',
    holds: 'HTTP only; the path of a file is the URL',
    imports: [
      'contract',
      'http-edge',
      'server/src',
      'server/src/exports',
      'server/src/events',
      'server/src/tenancy',
      'server/src/regions',
      'server/src/storage',
    ],
    tests: ['client', 'testing'],
  },
  {
    folder: 'server/src/exports',
    holds: 'creating, running and finishing exports',
    imports: [
      'contract',
      'server/src',
      'server/src/events',
      'server/src/tenancy',
      'server/src/regions',
      'server/src/storage',
    ],
    tests: ['testing'],
  },
  {
    folder: 'server/src/events',
    holds: 'ingest, EventQuery to SQL, lists and histograms, rollup',
    imports: ['contract', 'server/src', 'server/src/tenancy', 'server/src/regions'],
    tests: ['testing', 'exhibit'],
  },
  {
    folder: 'server/src/tenancy',
    holds: 'API keys, scope, roles, quotas, audit log',
    imports: ['contract', 'server/src', 'server/src/regions'],
    tests: ['testing', 'dashboard/bff'],
  },
  {
    folder: 'server/src/storage',
    holds: 'artifact stores behind one interface',
    imports: ['contract', 'server/src', 'server/src/regions'],
    tests: ['testing'],
  },
  {
    folder: 'server/src/regions',
    holds: 'connections, transactions, migrations, queue, embedded PostgreSQL',
    imports: ['contract', 'http-edge', 'server/src'],
    tests: ['testing'],
  },
  {
    folder: 'client',
    holds: 'typed client of /v1 and the client commands of the command line',
    imports: ['contract'],
    tests: ['server/src', 'testing'],
  },
  {
    folder: 'dashboard/app',
    holds: 'web app; built when the dashboard starts',
    imports: ['contract', 'client'],
  },
  {
    folder: 'dashboard/bff',
    holds: "the dashboard's server: sessions, members, evidence, proxy and downloads",
    imports: ['contract', 'http-edge', 'client'],
    tests: ['server/src', 'testing'],
  },
  {
    folder: 'exhibit',
    holds: 'the program: command line, processes, demo data',
    imports: ['contract', 'server/src', 'client', 'dashboard/bff'],
    tests: ['testing'],
  },
  {
    folder: 'testing',
    holds: 'test databases, S3 server, fuzz and isolation models that several packages use',
    imports: ['contract', 'http-edge', 'server/src', 'exhibit'],
  },
  {
    folder: 'tools',
    holds: 'checks and generators',
    imports: ['contract', 'server/src', 'testing'],
    tests: ['client', 'dashboard/app'],
  },
  {
    folder: 'e2e',
    holds: 'tests of the whole product, in browsers and under injected faults',
    imports: ['contract', 'server/src', 'dashboard/bff', 'exhibit', 'testing'],
  },
  {
    folder: 'bench',
    holds: 'benches, one measured claim each',
    imports: ['contract', 'server/src', 'dashboard/bff', 'exhibit', 'testing', 'e2e'],
  },
];

/** The rows of the table on the architecture page. */
export function zoneRows(): readonly string[] {
  return IMPORT_ZONES.map(({ folder, holds, imports, tests = [] }) => {
    const list = (folders: readonly string[]) =>
      folders.length === 0 ? 'nothing' : folders.map((name) => `\`${name}\``).join(', ');
    const extra = tests.length === 0 ? '' : `; tests also ${list(tests)}`;
    return `| \`${folder}\` | ${holds} | ${list(imports)}${extra} |`;
  });
}
