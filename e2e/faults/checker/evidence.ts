/** Facts that the test's clients know. The checker compares them with the databases and the store. */
export interface Evidence {
  /** A connection with a role that bypasses row-level security. */
  readonly databaseUrl: string;
  readonly dashboardDatabaseUrl: string;
  readonly companyId: string;
  /** URL of the bucket, which accepts unsigned requests. */
  readonly bucketUrl: string;
  readonly prefix: string;
  /** Ids in the order of acknowledgement. All have the category "late", which only incoming events have. */
  readonly acknowledgedEvents: ReadonlySet<string>;
  /** Accepted jobs by id. */
  readonly jobs: Map<string, RequestedJob>;
  /** Calls to the dashboard. */
  readonly calls: readonly DashboardCall[];
}

export interface WantedExport {
  readonly format: 'JSONL' | 'CSV';
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** undefined means all categories. */
  readonly category: string | undefined;
  /** Created in the dashboard; otherwise with an API key. */
  readonly byPerson: boolean;
}

export interface RequestedJob extends WantedExport {
  /** Number of events that were acknowledged before the export was requested. */
  readonly acknowledgedBefore: number;
  /** Number of cancel requests with status 200. */
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

/** One call to the dashboard, as seen by the client. */
export interface DashboardCall {
  readonly kind: 'request' | 'cancel' | 'download';
  readonly jobId: string;
  /** Unique per call, so that its evidence can be found. */
  readonly userAgent: string;
  /** undefined if there was no response. */
  status: number | undefined;
  /** Bytes of the file that arrived. */
  bytes: number;
  /** Digest of the file, if it arrived completely. */
  sha256: string | undefined;
  /** Whether the call has ended for the client. */
  over: boolean;
}
