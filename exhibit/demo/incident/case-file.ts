import type { Person } from '../cast.ts';
import type { Random } from '../random.ts';
import type { DemoDocument, DemoWorkspace, World } from '../world.ts';

/** Whom the intruder becomes, what is touched in the night, and what is found in the morning. */
export interface CaseFile {
  readonly random: Random;
  readonly world: World;
  /** 00:00 UTC, 02:00 where the victim lives; milliseconds since the epoch. */
  readonly nightMs: number;
  readonly victim: Person;
  readonly production: DemoWorkspace;
  readonly security: DemoWorkspace;
  readonly documents: readonly DemoDocument[];
  readonly key: { readonly id: string; readonly name: string };
  readonly webhook: { readonly id: string; readonly url: string };
  readonly alertId: string;
}
