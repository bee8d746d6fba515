export interface DownloadHeaders {
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  /** Offset in the file at which the body starts. */
  readonly start: number;
  /** Size of the whole file; undefined if a proxy removed the header. */
  readonly totalBytes: number | undefined;
  /** SHA-256 of the whole file in hex, from ETag or Repr-Digest. */
  readonly digest: string | undefined;
}

/** Reads the headers of a 200 or 206. */
export function readDownloadHeaders({ status, headers }: Response): DownloadHeaders {
  const isPart = status === 206;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '');
  const length = headers.get('content-length');
  const whole = length === null || isPart ? undefined : Number(length);
  return {
    fileName: safeFileName(headers.get('content-disposition')),
    contentType: headers.get('content-type') ?? undefined,
    start: isPart ? Number(range?.[1] ?? 0) : 0,
    totalBytes: isPart && range?.[2] !== undefined ? Number(range[2]) : whole,
    digest: digestFromTag(headers.get('etag')) ?? digestFromRepr(headers.get('repr-digest')),
  };
}

/** Keeps only the last path segment, without leading dots, so that the server cannot choose where a file is written. */
function safeFileName(disposition: string | null): string | undefined {
  const name = /filename="([^"]+)"/.exec(disposition ?? '')?.[1];
  const base = name?.split(/[/\\]/).at(-1)?.replace(/^\.+/, '');
  return base === undefined || base === '' ? undefined : base;
}

/** Parses `"sha256-<hex>"`. Weak tags (`W/`) are ignored because they do not identify bytes. */
function digestFromTag(etag: string | null): string | undefined {
  return /^"sha256-([0-9a-f]{64})"$/.exec(etag ?? '')?.[1];
}

/** Parses `sha-256=:<base64>:` (RFC 9530), possibly among other digests. */
function digestFromRepr(header: string | null): string | undefined {
  const base64 = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(header ?? '')?.[1];
  if (base64 === undefined) return undefined;
  return Array.from(atob(base64), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join(
    '',
  );
}
