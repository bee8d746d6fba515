export interface DemoCompany {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** The company's share of EXHIBIT_DEMO_EVENTS. */
  readonly share: number;
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
}

/** The companies of `npm start`, with fixed ids, so that the demo is always the same. */
export const DEMO_COMPANIES: readonly DemoCompany[] = [
  {
    id: '019b76da-a800-7000-8000-00000000ac01',
    name: 'Acme',
    region: 'us',
    share: 0.9,
    workspaces: [
      { id: '019b76da-a800-7000-8000-00000000ac11', name: 'Production' },
      { id: '019b76da-a800-7000-8000-00000000ac12', name: 'Staging' },
      { id: '019b76da-a800-7000-8000-00000000ac13', name: 'Security' },
    ],
  },
  {
    id: '019b76da-a800-7000-8000-000000006b01',
    name: 'Globex',
    region: 'eu',
    share: 0.1,
    workspaces: [{ id: '019b76da-a800-7000-8000-000000006b11', name: 'Production' }],
  },
];
