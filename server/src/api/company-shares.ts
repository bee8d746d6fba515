import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { ActiveCompanies } from '../../../http-edge/active-companies.ts';
import type { GateLimits } from '../../../http-edge/company-gate.ts';
import { limitCompanyConnections } from '../regions/company-gate.ts';

import type { ApiDeps } from './api-deps.ts';

declare module 'fastify' {
  interface FastifyInstance {
    activeCompanies: ActiveCompanies;
  }
}

/** Of the 8 connections that search, list and count events. */
const DEFAULT_READS_PER_COMPANY = 3;
/** Out of 20 connections for everything else. */
const DEFAULT_WRITES_PER_COMPANY = 10;

/** A page of the explorer sends five queries at once, and several people may open one at the same moment. */
const READS_WAITING = { maxWaiting: 16, maxWaitMs: 8_000 };
/** Events wait longer: a client that sends many batches at once must not lose some of them. */
const WRITES_WAITING = { maxWaiting: 1_000, maxWaitMs: 20_000 };

/** The part of each pool that companies without a running transaction get first. */
const RESERVED_PART = 0.25;

/** Gives the application its `activeCompanies`, and leaves connections of every region free for other companies, whatever one or several of them request. */
export function limitCompanies(app: FastifyInstance, { regions, settings }: ApiDeps): void {
  const reads = settings.readsPerCompany ?? DEFAULT_READS_PER_COMPANY;
  const writes = settings.writesPerCompany ?? DEFAULT_WRITES_PER_COMPANY;
  const active = new ActiveCompanies();
  app.decorate('activeCompanies', active);
  for (const region of regions.values()) {
    limitCompanyConnections(
      region.reads,
      { ...sharesOf(region.reads), maxRunning: reads, maxRunningHeavy: 1, ...READS_WAITING },
      active,
    );
    limitCompanyConnections(
      region.pool,
      { ...sharesOf(region.pool), maxRunning: writes, ...WRITES_WAITING },
      active,
    );
  }
}

function sharesOf(pool: pg.Pool): Pick<GateLimits, 'capacity' | 'reserved'> {
  const capacity = pool.options.max;
  return { capacity, reserved: Math.floor(capacity * RESERVED_PART) };
}
