import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const MAX_AGE_SECONDS = 180 * 86_400;
const VALUE = /^([A-Za-z0-9_-]{22})\.(\d{10})\.([A-Za-z0-9_-]{43})$/;

/**
 * Cookies of browsers that have signed in to an account, as in OWASP's device cookies. They do not sign anyone in; the
 * password attempts of a browser that has one are counted separately (password-attempts.ts). The signature binds a
 * cookie to its account and expiry, so a forged cookie is ignored.
 */
export class DeviceCookies {
  readonly #secret: string;
  readonly #isHttps: boolean;

  constructor(options: { readonly secret: string; readonly publicUrl: string }) {
    this.#secret = options.secret;
    this.#isHttps = options.publicUrl.startsWith('https:');
  }

  /** The device id that a Cookie header has for the account; undefined without a valid one. */
  deviceOf(cookies: string | undefined, account: string): string | undefined {
    const name = this.#nameOf(account);
    const pair = cookies?.split(/; */).find((text) => text.startsWith(`${name}=`));
    const [, device, expires, signature] = VALUE.exec(pair?.slice(name.length + 1) ?? '') ?? [];
    if (device === undefined || expires === undefined || signature === undefined) return undefined;
    if (Number(expires) * 1000 < Date.now()) return undefined;
    const expected = this.#sign(account, device, expires);
    const isGood = timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
    return isGood ? device : undefined;
  }

  /** The Set-Cookie value after a sign-in to the account; a known device keeps its id. */
  cookieFor(cookies: string | undefined, account: string): string {
    const device = this.deviceOf(cookies, account) ?? randomBytes(16).toString('base64url');
    const expires = String(Math.floor(Date.now() / 1000) + MAX_AGE_SECONDS);
    const value = `${device}.${expires}.${this.#sign(account, device, expires)}`;
    const secure = this.#isHttps ? '; Secure' : '';
    return `${this.#nameOf(account)}=${value}; Max-Age=${MAX_AGE_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`;
  }

  /** One cookie per account: several people may share a browser. The name does not reveal the email address. */
  #nameOf(account: string): string {
    const id = createHash('sha256').update(`device ${account}`).digest('hex').slice(0, 12);
    return `${this.#isHttps ? '__Host-' : ''}exhibit_device_${id}`;
  }

  #sign(account: string, device: string, expires: string): string {
    const text = JSON.stringify(['device', account, device, expires]);
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}
