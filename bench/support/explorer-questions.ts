import { EVENTS_START_MS, RARE_ACTION, RARE_ACTOR } from './bench-events.ts';
import { DAYS } from './tenants.ts';

const DAY_MS = 86_400_000;

/** The members of responses that are used here. */
export interface Answer {
  readonly data?: readonly { readonly action: string; readonly actor?: { readonly id: string } }[];
  readonly total?: number;
  readonly categories?: readonly unknown[];
}

export interface Question {
  /** Path and query of the `number`th request, for a company with this many events. */
  readonly path: (number: number, events: number) => string;
  /** Whether the response is correct for this query. A bench of wrong responses would be meaningless. */
  readonly holds: (answer: Answer, events: number) => boolean;
}

const at = (days: number) => new Date(EVENTS_START_MS + days * DAY_MS).toISOString();
/** One of the thirty days, a different one each time. */
const day = (number: number) =>
  `from=${at((number * 7) % DAYS)}&to=${at(((number * 7) % DAYS) + 1)}`;
const filled = ({ data = [] }: Answer) => data.length > 0;

export const QUESTIONS: Readonly<Record<string, Question>> = {
  newestPage: {
    path: () => '/events?page=1&pageSize=50',
    holds: ({ data, total }, events) => data?.length === 50 && total === events,
  },
  page2000: {
    // The small company has fewer pages; use its last one.
    path: (number, events) =>
      `/events?page=${Math.min(2000 + number, Math.ceil(events / 50))}&pageSize=50`,
    holds: filled,
  },
  pageInTheMiddle: {
    path: (number, events) => `/events?page=${Math.ceil(events / 100) - number}&pageSize=50`,
    holds: filled,
  },
  oneCategory: {
    path: () => '/events?category=billing&pageSize=50',
    holds: filled,
  },
  rareAction: {
    path: () => `/events?action=${RARE_ACTION}&pageSize=50`,
    holds: ({ data = [] }) => data.length > 0 && data.every(({ action }) => action === RARE_ACTION),
  },
  rareActor: {
    path: () => `/events?actorId=${RARE_ACTOR}&pageSize=50`,
    holds: ({ data = [] }) => data.every(({ actor }) => actor?.id === RARE_ACTOR),
  },
  usualActor: {
    // The small company does not have all of them.
    path: (number) => `/events?actorId=user-${(number * 31) % 500}&pageSize=50`,
    holds: ({ data = [] }) => data.every(({ actor }) => actor?.id.startsWith('user-') === true),
  },
  oneTrace: {
    path: (number) => `/events?resourceId=doc-${(number * 7919) % 10_000}&pageSize=50`,
    holds: ({ data }) => data !== undefined && data.length <= 1,
  },
  searchCommonInADay: {
    path: (number) => `/events?search=USER-1&${day(number)}&pageSize=50`,
    holds: filled,
  },
  searchRareInADay: {
    path: (number) => `/events?search=Ownership.Trans&${day(number)}&pageSize=50`,
    holds: ({ data }) => data !== undefined && data.length < 50,
  },
  searchNothingInADay: {
    path: (number) => `/events?search=nobody-has-this&${day(number)}&pageSize=50`,
    holds: ({ data, total }) => data?.length === 0 && total === 0,
  },
  histogram30Days: {
    path: () => `/events/metrics/histogram?from=${at(0)}&to=${at(DAYS)}&groupBy=category`,
    holds: ({ total }, events) => total === events,
  },
  filterOptions: {
    path: () => '/events/filter-options',
    holds: ({ categories }) => categories?.length === 4,
  },
  totalOfPartOfAnHour: {
    path: (number) => `/events?from=${at(0.3 + number / 1000)}&to=${at(20.7)}&pageSize=10`,
    holds: ({ total = 0 }, events) => total > 0 && total < events,
  },
};
