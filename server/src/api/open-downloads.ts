import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../errors.ts';
import { onConnectionClosed } from '../../../http-edge/on-connection-closed.ts';

const RETRY_AFTER_SECONDS = 5;

declare module 'fastify' {
  interface FastifyInstance {
    openDownloads: OpenDownloads;
  }
}

interface DownloadLimits {
  /** Of one API key or person. */
  readonly perCaller: number;
  /** Of all callers of a company together. */
  readonly perCompany: number;
}

/** Who downloads. */
interface Downloader {
  /** The API key or person. */
  readonly caller: string;
  readonly companyId: string;
}

/** Files being sent to each caller and company, counted by each api process for itself. */
class OpenDownloads {
  readonly #open = new Map<string, number>();
  readonly #limits: DownloadLimits;

  constructor(limits: DownloadLimits) {
    this.#limits = limits;
  }

  /**
   * Counts one more download, until its response is sent or its connection is closed.
   * @throws Problem RATE_LIMITED with Retry-After when the caller or its company has as many as it may
   */
  begin({ caller, companyId }: Downloader, request: FastifyRequest, reply: FastifyReply): void {
    const { perCaller, perCompany } = this.#limits;
    const company = `company:${companyId}`;
    if (this.#count(caller) >= perCaller)
      throw tooMany('You have', { policy: 'downloads', limit: perCaller });
    if (this.#count(company) >= perCompany)
      throw tooMany('Your company has', { policy: 'company-downloads', limit: perCompany });
    for (const counted of [caller, company]) this.#open.set(counted, this.#count(counted) + 1);
    onConnectionClosed(request, reply, () => {
      for (const counted of [caller, company]) this.#end(counted);
    });
  }

  #count(counted: string): number {
    return this.#open.get(counted) ?? 0;
  }

  #end(counted: string): void {
    const left = this.#count(counted) - 1;
    if (left <= 0) this.#open.delete(counted);
    else this.#open.set(counted, left);
  }
}

function tooMany(who: string, share: { readonly policy: string; readonly limit: number }): Problem {
  return new Problem(
    'RATE_LIMITED',
    `${who} ${share.limit} downloads open. Wait for one to finish, then try again.`,
    { members: share, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } },
  );
}

/** Gives the application its `openDownloads`. */
export function limitDownloads(app: FastifyInstance, limits: DownloadLimits): void {
  app.decorate('openDownloads', new OpenDownloads(limits));
}
