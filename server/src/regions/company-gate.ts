import type pg from 'pg';
import type { ActiveCompanies } from '../../../http-edge/active-companies.ts';
import { CompanyGate, type GateLimits } from '../../../http-edge/company-gate.ts';

const gates = new WeakMap<pg.Pool, CompanyGate>();

/** From now on `inCompany` limits each company to its share of this pool. */
export function limitCompanyConnections(
  pool: pg.Pool,
  limits: Omit<GateLimits, 'work'>,
  active: ActiveCompanies,
): void {
  gates.set(pool, new CompanyGate({ ...limits, work: 'database queries' }, active));
}

/** @returns the function that releases the slot; does nothing for a pool without limits */
export async function enterPool(pool: pg.Pool, companyId: string): Promise<() => void> {
  return (await gates.get(pool)?.enter(companyId)) ?? (() => undefined);
}
