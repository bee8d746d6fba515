import type { Role, Team } from '../cast.ts';
import type { Random } from '../random.ts';
import type { Task } from '../scene.ts';
import { ADMIN_TASKS } from './admin-tasks.ts';
import { DATA_TASKS } from './data-tasks.ts';
import { DOCUMENT_TASKS } from './document-tasks.ts';
import { EXPORT_TASKS } from './export-tasks.ts';
import { INTEGRATION_TASKS } from './integration-tasks.ts';
import { PEOPLE_TASKS } from './people-tasks.ts';

const TASKS: readonly Task[] = [
  ...DOCUMENT_TASKS,
  ...DATA_TASKS,
  ...EXPORT_TASKS,
  ...PEOPLE_TASKS,
  ...INTEGRATION_TASKS,
  ...ADMIN_TASKS,
];

/** Something a person of this team may and is likely to do. */
export function chooseTask(team: Team, role: Role, random: Random): Task {
  return random.weighted(TASKS, (task) => {
    if (task.elevated === true && role === 'MEMBER') return 0;
    return task.teams[team] ?? 0;
  });
}
