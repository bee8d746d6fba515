import type { FastifyRequest } from 'fastify';

const companies = new WeakMap<FastifyRequest, string>();

/** Remembers the company of a request before its body is read. */
export function setRequestCompany(request: FastifyRequest, companyId: string): void {
  companies.set(request, companyId);
}

/** The owner whose budget the request's body counts against: its company, or its address if no company is known. */
export function bodyOwner(request: FastifyRequest): string {
  return companies.get(request) ?? `address:${request.ip}`;
}
