import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Browser test files that take longest though they are short. */
const SLOW = /\/(accessible|failures)\.test\.ts$/;

/**
 * vitest's order, which is by duration where it has seen the files run and by size otherwise, with the slow ones in
 * front: a slow file that starts last runs alone. Tests of the tier `system` are slow because they wait for processes.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId, project }: TestSpecification) =>
      project.name === 'system' || SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
