import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ARCHITECTURES, type Architecture, type NodePins, sha256OfFile } from './node-binaries.ts';

const SUMS = 'SHASUMS256.txt';

/**
 * Compares the pinned Node binaries with the archives on nodejs.org. Each archive must have the checksum in
 * SHASUMS256.txt, and its bin/node must have the pinned checksum. The authenticity of SHASUMS256.txt depends on HTTPS,
 * or, for a local directory, on the operator, who must verify its signature.
 *
 * @param directory contains SHASUMS256.txt and the archives
 * @returns the differences; empty if there are none
 */
export async function compareNodeRelease(pins: NodePins, directory: string): Promise<string[]> {
  const sums = parseSums(await readFile(join(directory, SUMS), 'utf8'));
  const faults = await Promise.all(
    ARCHITECTURES.map((architecture) => compareArchive(pins, directory, sums, architecture)),
  );
  return faults.flat();
}

async function compareArchive(
  pins: NodePins,
  directory: string,
  sums: ReadonlyMap<string, string>,
  architecture: Architecture,
): Promise<string[]> {
  const name = archiveOf(pins, architecture);
  const published = sums.get(name);
  if (published === undefined) return [`${SUMS} does not list ${name}`];
  const found = await sha256OfFile(join(directory, name));
  if (found === undefined) return [`${name} is missing`];
  if (found !== published) return [`${name} has SHA-256 ${found}, ${SUMS} says ${published}`];
  const member = `${name.replace(/\.tar\.gz$/, '')}/bin/node`;
  const binary = await sha256OfMember(join(directory, name), member);
  const pinned = pins.sha256[architecture];
  return binary === pinned ? [] : [`${member} has SHA-256 ${binary}, pinned is ${pinned}`];
}

function archiveOf({ version }: NodePins, architecture: Architecture): string {
  return `node-v${version}-linux-${architecture}.tar.gz`;
}

/** Parses lines of `sha256sum`: checksum, two spaces, name. */
function parseSums(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64}) [ *](\S+)$/.exec(line));
  return new Map(
    lines.flatMap((match) => (match === null ? [] : [[match[2] ?? '', match[1] ?? '']])),
  );
}

async function sha256OfMember(archive: string, member: string): Promise<string> {
  const tar = spawn('tar', ['-xzOf', archive, member], { stdio: ['ignore', 'pipe', 'inherit'] });
  const hash = createHash('sha256');
  const exited = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', resolve);
  });
  await pipeline(tar.stdout, hash);
  if ((await exited) !== 0) throw new Error(`tar could not read ${member} of ${archive}`);
  return hash.digest('hex');
}

/** Downloads SHASUMS256.txt and the archives of the pinned version, and removes them after `work`. */
export async function withPublishedRelease<Result>(
  pins: NodePins,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-node-release-'));
  const base = `https://nodejs.org/dist/v${pins.version}`;
  try {
    await writeFile(join(directory, SUMS), await (await download(`${base}/${SUMS}`)).text());
    for (const architecture of ARCHITECTURES) {
      const name = archiveOf(pins, architecture);
      const { body } = await download(`${base}/${name}`);
      if (body === null) throw new Error(`${base}/${name} has no content`);
      await pipeline(Readable.fromWeb(body), createWriteStream(join(directory, name)));
    }
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function download(url: string): Promise<Response> {
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(
      `${url} is unreachable. To use downloaded files, run: npm run check:node-release -- DIRECTORY`,
      { cause: error },
    );
  });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer;
}
