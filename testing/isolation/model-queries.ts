import type { ErrorCode } from '../../server/src/errors.ts';
import type { Key, KnownJob, Person, World } from './world.ts';
import type { Step } from './step.ts';

/** The responses for a visible job that has no file, or no file yet. */
export const NOT_YET: readonly ErrorCode[] = ['EXPORT_NOT_READY', 'EXPORT_NOT_AVAILABLE'];

export function query(name: string, values: readonly string[] | undefined): string {
  return (values ?? []).map((value) => `&${name}=${value}`).join('');
}

export function eventsIn(world: World, workspaceIds: readonly string[] | undefined): string[] {
  const wanted = new Set(workspaceIds);
  return [...world.events]
    .flatMap(([id, workspaceId]) => (wanted.has(workspaceId) ? [id] : []))
    .sort();
}

/**
 * Checks the events of a file by workspace: it must contain every initial event and none of another workspace. Events
 * that are newer than the job may be missing.
 */
export function fileOf(world: World, job: KnownJob | undefined, text: string) {
  const workspaces = text
    .split(/\r?\n/)
    .slice(text.startsWith('id,') ? 1 : 0)
    .filter((line) => line !== '')
    .map((line) => world.events.get(/[0-9a-f-]{36}/.exec(line)?.[0] ?? '') ?? line);
  return { got: [...new Set(workspaces)].sort(), want: [...new Set(job?.workspaceIds)].sort() };
}

/** Updates the model for a step that creates a job of these workspaces. */
export function jobOf(
  world: World,
  caller: Person | Key,
  workspaceIds: readonly string[] = [],
): Required<Pick<Step, 'check' | 'learn'>> {
  return {
    check: (text) => ({
      got: (JSON.parse(text) as { workspaceIds: string[] }).workspaceIds.toSorted(),
      want: [...new Set(workspaceIds)].sort(),
    }),
    learn: ({ jobId }) => {
      const { company } = caller;
      world.jobs.push({ id: String(jobId), company, workspaceIds, makerId: caller.id });
      world.ownerOf.set(String(jobId), company.id);
    },
  };
}
