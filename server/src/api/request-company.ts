import type { FastifyRequest } from 'fastify';

const companies = new WeakMap<FastifyRequest, string>();

/** Remembers whose request this is, before its body is read. */
export function setRequestCompany(request: FastifyRequest, companyId: string): void {
  companies.set(request, companyId);
}

/** Who pays for the request's body: its company; before one is known its address. */
export function bodyOwner(request: FastifyRequest): string {
  return companies.get(request) ?? `address:${request.ip}`;
}
