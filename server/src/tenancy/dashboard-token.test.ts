import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { signTestToken, TEST_JWKS, testTokenKeys } from '../../../testing/dashboard-token.ts';
import { verifyDashboardToken } from './dashboard-token.ts';
import { openTokenKeys } from './token-keys.ts';

const GOOD = {
  sub: 'user-1',
  email: 'a@example.test',
  companyId: randomUUID(),
  role: 'MEMBER',
  workspaceIds: [randomUUID()],
};
const now = () => Math.floor(Date.now() / 1000);
const other = generateKeyPairSync('ed25519');

const verify = (token: string, keys = testTokenKeys) =>
  verifyDashboardToken(keys, `Bearer ${token}`, ['us', 'eu']);

async function expectRefused(token: string, keys = testTokenKeys): Promise<void> {
  await expect(verify(token, keys)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
}

test('a good token says who, where and what for', async () => {
  expect(await verify(await signTestToken(GOOD))).toMatchObject({ ...GOOD, aud: 'us' });
  expect(await verify(await signTestToken({ ...GOOD, aud: 'eu' }))).toMatchObject({ aud: 'eu' });
  const { workspaceIds: _, ...withoutWorkspaces } = GOOD;
  expect(await verify(await signTestToken(withoutWorkspaces))).toMatchObject({ workspaceIds: [] });
});

describe('a token is refused that', () => {
  test.each<[string, Record<string, unknown>]>([
    ['is for a region this api does not serve', { aud: 'mars' }],
    ['is for several regions', { aud: ['us', 'eu'] }],
    ['is of another issuer', { iss: 'somebody' }],
    ['has run out', { iat: now() - 50, exp: now() - 10 }],
    ['lives longer than 60 seconds', { exp: now() + 600 }],
    ['was made more than 60 seconds ago', { iat: now() - 90, exp: now() + 30 }],
    ['comes from the future', { iat: now() + 60, exp: now() + 90 }],
    ['never expires', { exp: undefined }],
    ['does not say when it was made', { iat: undefined }],
    ['has no id', { jti: undefined }],
    ['names no role', { role: undefined }],
    ['names an unknown role', { role: 'ROOT' }],
    ['has no company', { companyId: undefined }],
    ['has a company that is no UUID', { companyId: "' OR true" }],
    ['has workspaces that are no UUIDs', { workspaceIds: ['*'] }],
    ['is the system under another name', { role: 'SYSTEM', sub: 'user-1' }],
  ])('%s', async (_name, claims) => {
    await expectRefused(await signTestToken({ ...GOOD, ...claims }));
  });

  test('is signed by another key under our kid, or by ours under another', async () => {
    await expectRefused(await signTestToken(GOOD, { key: other.privateKey }));
    await expectRefused(await signTestToken(GOOD, { header: { kid: 'other' } }));
  });

  test('is signed with the public key as a shared secret, or not at all', async () => {
    const secret = Buffer.from(TEST_JWKS);
    await expectRefused(await signTestToken(GOOD, { key: secret, header: { alg: 'HS256' } }));
    const [header, payload] = (await signTestToken(GOOD)).split('.');
    const none = Buffer.from('{"alg":"none","kid":"test"}').toString('base64url');
    await expectRefused(`${none}.${payload}.`);
    await expectRefused(`${header}.${payload}.`);
  });

  test('is changed, malformed or missing', async () => {
    const [header, , signature] = (await signTestToken(GOOD)).split('.');
    const owner = Buffer.from(JSON.stringify({ ...GOOD, role: 'OWNER' })).toString('base64url');
    await expectRefused(`${header}.${owner}.${signature}`);
    for (const token of ['', 'x', 'a.b.c', 'exh_us_secret']) await expectRefused(token);
    await expect(verifyDashboardToken(testTokenKeys, undefined, ['us'])).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('comes while no keys are set', async () => {
    await expectRefused(await signTestToken(GOOD), openTokenKeys(undefined));
  });
});

describe('DASHBOARD_TOKEN_KEYS', () => {
  const jwk = { ...other.privateKey.export({ format: 'jwk' }), kid: 'other' };

  test('several keys are good at once, private members are ignored', async () => {
    const { keys } = JSON.parse(TEST_JWKS) as { keys: unknown[] };
    const both = openTokenKeys(JSON.stringify({ keys: [...keys, jwk] }));
    const mine = { key: other.privateKey, header: { kid: 'other' } };
    await expect(verify(await signTestToken(GOOD, mine), both)).resolves.toBeDefined();
    await expect(verify(await signTestToken(GOOD), both)).resolves.toBeDefined();
    expect((await both.find('other'))?.type).toBe('public');
  });

  test.each(['', '{', '{"keys":[{"kty":"RSA"}]}', '[]'])('%j is refused at the start', (text) => {
    expect(() => openTokenKeys(text)).toThrow('DASHBOARD_TOKEN_KEYS');
  });

  test('a file that appears later is used without a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'exhibit-keys-'));
    try {
      const file = join(directory, 'keys.json');
      const keys = openTokenKeys(pathToFileURL(file).href);
      await expectRefused(await signTestToken(GOOD), keys);
      await writeFile(file, TEST_JWKS);
      await expect(verify(await signTestToken(GOOD), keys)).resolves.toBeDefined();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test('a key that is taken out of the file is good for nothing within seconds, without a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'exhibit-keys-'));
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const file = join(directory, 'keys.json');
      const { keys: old } = JSON.parse(TEST_JWKS) as { keys: unknown[] };
      await writeFile(file, JSON.stringify({ keys: [jwk, ...old] }));
      const keys = openTokenKeys(pathToFileURL(file).href);
      const mine = { key: other.privateKey, header: { kid: 'other' } };
      await expect(verify(await signTestToken(GOOD), keys)).resolves.toBeDefined();
      await expect(verify(await signTestToken(GOOD, mine), keys)).resolves.toBeDefined();
      await writeFile(file, JSON.stringify({ keys: [jwk] }));
      vi.advanceTimersByTime(5_001);
      await expectRefused(await signTestToken(GOOD), keys);
      await expect(verify(await signTestToken(GOOD, mine), keys)).resolves.toBeDefined();
    } finally {
      vi.useRealTimers();
      await rm(directory, { recursive: true });
    }
  });
});
