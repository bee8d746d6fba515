/** A company counts as active for this time after its last transaction, milliseconds. */
const ACTIVE_MS = 3_000;

/** Which companies have had a transaction lately, over all pools of this process. */
export class ActiveCompanies {
  /** Oldest first. */
  readonly #seenAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  see(companyId: string): void {
    this.#seenAt.delete(companyId);
    this.#seenAt.set(companyId, this.#now());
  }

  /** Whether a company other than this one is active. */
  hasOther(companyId: string): boolean {
    this.#forgetInactive();
    return this.#seenAt.size > (this.#seenAt.has(companyId) ? 1 : 0);
  }

  #forgetInactive(): void {
    const since = this.#now() - ACTIVE_MS;
    for (const [companyId, seenAt] of this.#seenAt) {
      if (seenAt > since) return;
      this.#seenAt.delete(companyId);
    }
  }
}
