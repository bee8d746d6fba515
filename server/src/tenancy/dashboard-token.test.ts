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

test('a valid token identifies the user, company, role and workspaces', async () => {
  expect(await verify(await signTestToken(GOOD))).toMatchObject({ ...GOOD, aud: 'us' });
  expect(await verify(await signTestToken({ ...GOOD, aud: 'eu' }))).toMatchObject({ aud: 'eu' });
  const { workspaceIds: _, ...withoutWorkspaces } = GOOD;
  expect(await verify(await signTestToken(withoutWorkspaces))).toMatchObject({ workspaceIds: [] });
});

describe('invalid tokens', () => {
  test.each<[string, Record<string, unknown>]>([
    ['for a region that this api does not serve', { aud: 'mars' }],
    ['for several regions', { aud: ['us', 'eu'] }],
    ['of another issuer', { iss: 'other-issuer' }],
    ['that has expired', { iat: now() - 50, exp: now() - 10 }],
    ['with a lifetime of more than 60 seconds', { exp: now() + 600 }],
    ['issued more than 60 seconds ago', { iat: now() - 90, exp: now() + 30 }],
    ['issued in the future', { iat: now() + 60, exp: now() + 90 }],
    ['without an expiry time', { exp: undefined }],
    ['without an issue time', { iat: undefined }],
    ['without an id', { jti: undefined }],
    ['without a role', { role: undefined }],
    ['with an unknown role', { role: 'ROOT' }],
    ['without a company', { companyId: undefined }],
    ['with a company that is not a UUID', { companyId: "' OR true" }],
    ['with workspaces that are not UUIDs', { workspaceIds: ['*'] }],
    ['with the role SYSTEM and the id of a user', { role: 'SYSTEM', sub: 'user-1' }],
  ])('a token %s is rejected', async (_name, claims) => {
    await expectRefused(await signTestToken({ ...GOOD, ...claims }));
  });

  test('a token whose kid does not match its signing key is rejected', async () => {
    await expectRefused(await signTestToken(GOOD, { key: other.privateKey }));
    await expectRefused(await signTestToken(GOOD, { header: { kid: 'other' } }));
  });

  test('a token that is unsigned, or signed with the public key as a shared secret, is rejected', async () => {
    const secret = Buffer.from(TEST_JWKS);
    await expectRefused(await signTestToken(GOOD, { key: secret, header: { alg: 'HS256' } }));
    const [header, payload] = (await signTestToken(GOOD)).split('.');
    const none = Buffer.from('{"alg":"none","kid":"test"}').toString('base64url');
    await expectRefused(`${none}.${payload}.`);
    await expectRefused(`${header}.${payload}.`);
  });

  test('a token that is modified, malformed or missing is rejected', async () => {
    const [header, , signature] = (await signTestToken(GOOD)).split('.');
    const owner = Buffer.from(JSON.stringify({ ...GOOD, role: 'OWNER' })).toString('base64url');
    await expectRefused(`${header}.${owner}.${signature}`);
    for (const token of ['', 'x', 'a.b.c', 'exh_us_secret']) await expectRefused(token);
    await expect(verifyDashboardToken(testTokenKeys, undefined, ['us'])).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('every token is rejected while no keys are configured', async () => {
    await expectRefused(await signTestToken(GOOD), openTokenKeys(undefined));
  });
});

describe('DASHBOARD_TOKEN_KEYS', () => {
  const jwk = { ...other.privateKey.export({ format: 'jwk' }), kid: 'other' };

  test('the key setting may have several keys, whose private members are ignored', async () => {
    const { keys } = JSON.parse(TEST_JWKS) as { keys: unknown[] };
    const both = openTokenKeys(JSON.stringify({ keys: [...keys, jwk] }));
    const mine = { key: other.privateKey, header: { kid: 'other' } };
    await expect(verify(await signTestToken(GOOD, mine), both)).resolves.toBeDefined();
    await expect(verify(await signTestToken(GOOD), both)).resolves.toBeDefined();
    expect((await both.find('other'))?.type).toBe('public');
  });

  test.each(['', '{', '{"keys":[{"kty":"RSA"}]}', '[]'])(
    'the key setting %j is rejected at start',
    (text) => {
      expect(() => openTokenKeys(text)).toThrow('DASHBOARD_TOKEN_KEYS');
    },
  );

  test('a key file that appears later is used without a restart', async () => {
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

  test('a key removed from the file is rejected within seconds, without a restart', async () => {
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
