import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that take minutes though they are short: begun last, they would run alone. */
const SLOW = /\/(accessible|up)\.test\.ts$/;

/** vitest's order, the largest file first where it has not seen them run, with the slow ones in front. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(moduleId);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
