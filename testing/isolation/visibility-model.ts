import type { Company, Key, KnownJob, KnownPreset, Person } from './world.ts';

/**
 * The workspaces that a caller reaches, written from guarantee 9 and not from the product's code. An owner, admin,
 * billing user or company key reaches the whole company; a member or a workspace key reaches only data that lies
 * entirely in their workspaces.
 */
export function reachOf(caller: Person | Key): readonly string[] {
  if (caller.kind === 'person')
    return caller.role === 'MEMBER' ? caller.memberOf : caller.company.workspaceIds;
  return caller.workspaceId === null ? caller.company.workspaceIds : [caller.workspaceId];
}

export function seesAll(caller: Person | Key): boolean {
  return caller.kind === 'person' ? caller.role !== 'MEMBER' : caller.workspaceId === null;
}

/** The workspaces of a request, or undefined if the caller does not have access to one of them. */
export function resolved(
  caller: Person | Key,
  named: readonly string[] | undefined,
): readonly string[] | undefined {
  const reach = reachOf(caller);
  if (named === undefined) return reach.length === 0 ? undefined : reach;
  return named.every((id) => reach.includes(id)) ? named : undefined;
}

export function seesJob(caller: Person | Key, job: KnownJob): boolean {
  if (!isOf(caller, job.company)) return false;
  return seesAll(caller) || job.workspaceIds.every((id) => reachOf(caller).includes(id));
}

export function seesPreset(caller: Person, { company, workspaceId }: KnownPreset): boolean {
  if (!isOf(caller, company)) return false;
  return workspaceId === null ? seesAll(caller) : reachOf(caller).includes(workspaceId);
}

export function isOf(caller: Person | Key, company: Company): boolean {
  return caller.company.id === company.id;
}

/** Whether the caller may change an item: members only their own, other roles every item they can see. */
export function mayChange(caller: Person, makerId: string): boolean {
  return caller.role !== 'MEMBER' || caller.id === makerId;
}
