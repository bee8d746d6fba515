/** Facts the test's clients know, which the checker compares with the databases and the store. */
export interface Evidence {
  /** As a role that row-level security does not bind. */
  readonly databaseUrl: string;
  readonly dashboardDatabaseUrl: string;
  readonly companyId: string;
  /** Answers unsigned requests. */
  readonly bucketUrl: string;
  readonly prefix: string;
  /** Ids in the order of their acknowledgement; all of category "late", as only these come in while exports run. */
  readonly acknowledgedEvents: ReadonlySet<string>;
  /** Jobs that the api accepted, by id. */
  readonly jobs: Map<string, AskedJob>;
  /** What was done at the dashboard. */
  readonly calls: readonly DashboardCall[];
}

export interface WantedExport {
  readonly format: 'JSONL' | 'CSV';
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** undefined: all. */
  readonly category: string | undefined;
  /** At the dashboard; else with an API key. */
  readonly byPerson: boolean;
}

export interface AskedJob extends WantedExport {
  /** So many of the acknowledged events, in the order they were, came before it was asked for. */
  readonly acknowledgedBefore: number;
  /** Cancels that the api answered with 200. */
  cancelsAccepted: number;
}

export interface JobRow {
  readonly job_id: string;
  readonly status: string;
  readonly cut: Readonly<Record<string, string>> | null;
  readonly rows_exported: string;
  readonly bytes: string | null;
  readonly sha256: string | null;
  readonly content_sha256: string | null;
  readonly truncated: boolean;
  readonly artifact_key: string | null;
  readonly failure_code: string | null;
  readonly finished_at: Date | null;
  readonly attempt: number;
}

/** One attempt to do something at the dashboard, as the client saw it. */
export interface DashboardCall {
  readonly kind: 'request' | 'cancel' | 'download';
  readonly jobId: string;
  /** Its own: what finds its evidence. */
  readonly userAgent: string;
  /** undefined: there was no answer. */
  status: number | undefined;
  /** Of the file, that arrived. */
  bytes: number;
  /** Of the file, when all of it arrived. */
  sha256: string | undefined;
  /** Ended, as far as the client is concerned. */
  over: boolean;
}
