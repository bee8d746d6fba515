// Written by `npm run generate` from the api's routes. Do not edit.

export interface paths {
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List matching events, newest first */
    get: operations['listEvents'];
    put?: never;
    /**
     * Store one event, or a batch of at most 1000
     * @description A single event answers 201 with its id, or 200 if its idempotency key was used before with the same content. A batch always answers 200 with one result per event; valid events are stored even if others are rejected.
     */
    post: operations['createEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * List matching events, newest first, with the filters in a body
     * @description Like `GET /v1/events`, for filters that are too long for a URL. Stores nothing. Cursors of the two operations are interchangeable.
     */
    post: operations['searchEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/exports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List export jobs, newest first */
    get: operations['listExports'];
    put?: never;
    /**
     * Start an export
     * @description Answers immediately with the job. Poll the job, then download the file. A replayed Idempotency-Key answers 200 with the first job.
     */
    post: operations['createExport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/exports/{jobId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Get an export job */
    get: operations['getExport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/exports/{jobId}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel an export
     * @description A running job stops within seconds. The response waits for up to three seconds; after that it has the status `running` with `cancelRequestedAt`.
     */
    post: operations['cancelExport'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/exports/{jobId}/download': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download the file of a succeeded export
     * @description Streams the file. Resume with Range and If-Range. Verify the file with Repr-Digest or the ETag, which is the SHA-256. If-Match answers 412 if the file is another version. HEAD answers with the same headers.
     */
    get: operations['downloadExport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/exports/{jobId}/artifact': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete the file of an export
     * @description Deletes the file permanently. The job remains and records who deleted its file and when. Later downloads answer 410 EXPORT_FILE_DELETED. The request is idempotent.
     */
    delete: operations['deleteExportFile'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Get the status and permissions of the calling API key */
    get: operations['getKeyStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description RFC 9457 problem details. */
    ProblemInput: {
      type: string;
      title: string;
      status: number;
      /**
       * @description Stable error code, for programs.
       * @enum {string}
       */
      code:
        | 'MALFORMED_JSON'
        | 'VALIDATION_FAILED'
        | 'NOT_FOUND'
        | 'REQUEST_TIMEOUT'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'RATE_LIMITED'
        | 'HEADERS_TOO_LARGE'
        | 'INTERNAL'
        | 'SERVER_BUSY'
        | 'BATCH_TOO_LARGE'
        | 'EMPTY_FILTER'
        | 'INVALID_CURSOR'
        | 'SEARCH_TOO_BROAD'
        | 'SOURCE_UNSUPPORTED'
        | 'TIMESTAMP_IN_FUTURE'
        | 'WORKSPACE_REQUIRED'
        | 'UNAUTHENTICATED'
        | 'PERMISSION_DENIED'
        | 'WORKSPACE_FORBIDDEN'
        | 'EXPORT_NOT_AVAILABLE'
        | 'EXPORT_NOT_CANCELABLE'
        | 'EXPORT_NOT_READY'
        | 'EXPORT_NOT_RERUNNABLE'
        | 'IDEMPOTENCY_CONFLICT'
        | 'NAME_TAKEN'
        | 'NEWER_VERSION'
        | 'QUOTA_EXCEEDED'
        | 'VERSION_CONFLICT'
        | 'ARTIFACT_MISSING'
        | 'EXPORT_FILE_DELETED'
        | 'EXPORT_EXPIRED'
        | 'PRECONDITION_FAILED'
        | 'RANGE_NOT_SATISFIABLE'
        | 'EXPORT_TOO_LARGE'
        | 'TIME_RANGE_LIMIT'
        | 'ARTIFACT_UNAVAILABLE'
        | 'SCHEMA_DRIFT'
        | 'REGION_UNAVAILABLE';
      /** @description Explanation of the error and how to fix it, for people. */
      detail: string;
      /** @description Give this id to your operator when you report the error. */
      requestId: string;
      /** @description The fields that are not valid. */
      errors?: {
        path: string;
        message: string;
      }[];
    } & {
      [key: string]: unknown;
    };
    NewExportInput: {
      /**
       * @description This version supports only HOT.
       * @default HOT
       * @enum {string}
       */
      source?: 'HOT' | 'ARCHIVED' | 'HOT_AND_ARCHIVED';
      /** @enum {string} */
      format: 'JSONL' | 'CSV';
      /** @description The events to export. Default: all events of the workspaces that the key can access. */
      filters?: {
        /**
         * @description Version of this document; default 1.
         * @constant
         */
        version?: 1;
        /**
         * Format: date-time
         * @description Start of the time range, inclusive; RFC 3339, at most microseconds.
         */
        from?: string;
        /**
         * Format: date-time
         * @description End of the time range, exclusive; RFC 3339, at most microseconds.
         */
        to?: string;
        /** @description A time range that moves with the clock, instead of from and to. */
        range?: {
          /** @description The time up to now: a whole number and m, h, d or w, such as `24h`; at most 3650d. */
          last?: string;
          /**
           * @description The whole day, week (from Monday) or month before the current one, in UTC.
           * @enum {string}
           */
          previous?: 'day' | 'week' | 'month';
        };
        /** @description Events of any of these workspaces. At most 100 different values. */
        workspaceIds?: string[];
        /** @description Short for `workspaceIds` with one value. */
        workspaceId?: string;
        /** @description Events of any of these projects. At most 100 different values. */
        projectIds?: string[];
        /** @description Short for `projectIds` with one value. */
        projectId?: string;
        /** @description Events of any of these categories, compared exactly. At most 100 different values. */
        categories?: string[];
        /** @description Short for `categories` with one value. */
        category?: string;
        /** @description Events of any of these actions, compared exactly. At most 100 different values. */
        actions?: string[];
        /** @description Short for `actions` with one value. */
        action?: string;
        /** @description Events by any of these actors. At most 100 different values. */
        actorIds?: string[];
        /** @description Short for `actorIds` with one value. */
        actorId?: string;
        /** @description Events by an actor with any of these email addresses, ignoring case. At most 100 different values. */
        actorEmails?: string[];
        /** @description Short for `actorEmails` with one value. */
        actorEmail?: string;
        /** @description Events on a resource of any of these types. At most 100 different values. */
        resourceTypes?: string[];
        /** @description Short for `resourceTypes` with one value. */
        resourceType?: string;
        /** @description Events on any of these resources. At most 100 different values. */
        resourceIds?: string[];
        /** @description Short for `resourceIds` with one value. */
        resourceId?: string;
        /** @description Events with at least one of these tags. At most 100 different values. */
        tags?: string[];
        /** @description Short for `tags` with one value. */
        tag?: string;
        /** @description Events of any of these traces. At most 100 different values. */
        traceIds?: string[];
        /** @description Short for `traceIds` with one value. */
        traceId?: string;
        /** @description Events from any of these IP addresses or CIDR ranges (`10.0.0.0/8`, `2001:db8::/32`), in any spelling; other text is compared exactly. At most 100 different values. */
        ipAddresses?: string[];
        /** @description Short for `ipAddresses` with one value. */
        ipAddress?: string;
        /** @description Events that any of these API keys sent, by the id of the key; events stored before keys were recorded match none. At most 100 different values. */
        apiKeyIds?: string[];
        /** @description Short for `apiKeyIds` with one value. */
        apiKeyId?: string;
        /**
         * Format: date-time
         * @description Start of the time range in which events were received, inclusive. Events stored before receipts were recorded match none.
         */
        receivedFrom?: string;
        /**
         * Format: date-time
         * @description End of the time range in which events were received, exclusive.
         */
        receivedTo?: string;
        /** @description Text to find, ignoring case, in action, category, actor (id, email, role), resource, projectId, tags, traceId, ipAddress or userAgent. */
        search?: string;
        /** @description Conditions on the metadata that must all hold; at most 20. */
        metadata?: {
          /** @description Names joined by dots, at most 10 deep: `request.host`, `items[0].id`, `"name.with.dots".id`. */
          path: string;
          /**
           * @description How the field is compared.
           * @enum {string}
           */
          op: 'eq' | 'exists' | 'contains';
          /** @description Compared (`eq`) or searched for ignoring case (`contains`); not given for `exists`. Numbers compare by value: `12.5` finds 12.50 and `"9007199254740993"` finds that number. */
          value?: string | number | boolean | null;
        }[];
        /**
         * @description Sort key of a list; exports ignore it.
         * @enum {string}
         */
        sort?: 'timestamp';
        /**
         * @description Direction of the sort, in a list; exports ignore it.
         * @enum {string}
         */
        order?: 'asc' | 'desc';
        /** @description Events on a page, in a list; exports ignore it. */
        pageSize?: number;
      };
      /** @description Maximum number of events, oldest first. If more events match, the job has `truncated: true`. */
      limit?: number | null;
      /**
       * @default none
       * @enum {string}
       */
      compression?: 'none' | 'gzip' | 'zstd';
      /**
       * @default {
       *       "formulaGuard": true,
       *       "bom": false
       *     }
       */
      csv?: {
        /**
         * @description Put one ' in front of cells that begin with = + - @ tab CR or ', so that a spreadsheet does not run them.
         * @default true
         */
        formulaGuard?: boolean;
        /**
         * @description Start the file with a byte order mark, for old versions of Excel.
         * @default false
         */
        bom?: boolean;
        /** @description The columns of a CSV file, in this order. Default: all except `receivedAt`, `apiKeyId` and `apiKeyLabel`, the time and the API key with which an event arrived. */
        columns?: (
          | 'id'
          | 'timestamp'
          | 'workspaceId'
          | 'projectId'
          | 'category'
          | 'action'
          | 'actorId'
          | 'actorEmail'
          | 'actorRole'
          | 'resourceType'
          | 'resourceId'
          | 'metadata'
          | 'tags'
          | 'traceId'
          | 'ipAddress'
          | 'geo'
          | 'userAgent'
          | 'receivedAt'
          | 'apiKeyId'
          | 'apiKeyLabel'
        )[];
      };
      /** @description The reason for the export, or a ticket. Stored with the job. */
      purpose?: string | null;
    };
    ExportJobInput: {
      /** Format: uuid */
      jobId: string;
      /** Format: uuid */
      companyId: string;
      workspaceIds: string[];
      requestedBy: {
        /** @enum {string} */
        type: 'user' | 'api_key';
        id: string;
        label: string;
      };
      /** @constant */
      source: 'HOT';
      /** @enum {string} */
      format: 'JSONL' | 'CSV';
      /** @enum {string} */
      compression: 'none' | 'gzip' | 'zstd';
      csv: {
        formulaGuard: boolean;
        bom: boolean;
        /** @description Absent for the default columns. */
        columns?: (
          | 'id'
          | 'timestamp'
          | 'workspaceId'
          | 'projectId'
          | 'category'
          | 'action'
          | 'actorId'
          | 'actorEmail'
          | 'actorRole'
          | 'resourceType'
          | 'resourceId'
          | 'metadata'
          | 'tags'
          | 'traceId'
          | 'ipAddress'
          | 'geo'
          | 'userAgent'
          | 'receivedAt'
          | 'apiKeyId'
          | 'apiKeyLabel'
        )[];
      };
      /** @description The canonical EventQuery with its time range resolved. */
      filters: {
        /** @constant */
        version: 1;
      } & {
        [key: string]: unknown;
      };
      savedExplorerViewId: string | null;
      templateId: string | null;
      rerunOf: string | null;
      purpose: string | null;
      limit: number | null;
      /** @enum {string} */
      status: 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';
      /** @description Rows exported so far; after the job has succeeded, rows in the file. */
      rowsExported: number;
      /** @description null if counting would take longer than two seconds. */
      rowsExpected: number | null;
      /** @description True if `rowsExpected` is the exact count of the events that the job covers. The job then succeeds only with exactly as many rows. */
      rowsExpectedExact: boolean;
      /** @description Why the count is not exact. The rows of the file are then compared only with the number of rows that PostgreSQL reported. */
      rowsExpectedReason: ('NOT_COUNTED_YET' | 'COUNT_TOOK_TOO_LONG') | null;
      /** @description Size of the stored file. */
      bytes: number | null;
      /** @description SHA-256 of the stored file. */
      sha256: string | null;
      /** @description SHA-256 of the uncompressed content. */
      contentSha256: string | null;
      /** @description True if more events matched than `limit` allows. */
      truncated: boolean;
      attempt: number;
      cancelRequestedAt: string | null;
      failureCode:
        | (
            | 'EXPORT_TOO_LARGE'
            | 'ARTIFACT_QUOTA_EXCEEDED'
            | 'STORE_FULL'
            | 'STORE_REFUSED'
            | 'STORE_FAILED'
            | 'DATABASE_FAILED'
            | 'QUERY_TOO_SLOW'
            | 'ROW_COUNT_MISMATCH'
            | 'WORKER_LOST'
          )
        | null;
      failureSummary: string | null;
      retryHint: string | null;
      /** @description The artifact store refused to delete parts of the file. A cleanup task retries. */
      unfinishedPartsRemain: boolean;
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      artifactExpiresAt: string | null;
      /** @description The reason why an unfinished job is waiting; null if it is not waiting. */
      waitingFor: {
        code: string;
        reason: string;
        since: string | null;
        /** @description Time of the next attempt; null while the job runs. */
        nextTryAt: string | null;
      } | null;
      /** @description When the file was deleted on request. */
      artifactDeletedAt: string | null;
      artifactDeletedBy: {
        /** @enum {string} */
        type: 'user' | 'api_key';
        id: string;
        label: string;
      } | null;
    };
    /** @description An audit event to store. At most 256 KiB and 64 levels of nesting. */
    NewEventInput: {
      /**
       * Format: date-time
       * @description RFC 3339, 1970–2099, at most nine sub-second digits. Default: now. More than 24 hours in the future is rejected, unless the operator allows it for the company.
       */
      timestamp?: string;
      /**
       * Format: uuid
       * @description Required with a company key.
       */
      workspaceId?: string;
      /** @description A project within the workspace. */
      projectId?: string;
      /** @description 1–256 characters. */
      category: string;
      /** @description 1–256 characters. */
      action: string;
      actor?: {
        /** @description Who acted. */
        id?: string;
        /** @description Their email address. */
        email?: string;
        /** @description Their role. */
        role?: string;
      };
      resource?: {
        /** @description The kind of object that was acted on. */
        type?: string;
        /** @description The id of the object. */
        id?: string;
      };
      /** @description Any JSON value. Numbers keep every digit, objects keep their key order. */
      metadata?: {
        [key: string]: unknown;
      };
      tags?: string[];
      /** @description Links the events of one operation. */
      traceId?: string;
      /** @description Free text, not validated. */
      ipAddress?: string;
      geo?:
        | string
        | {
            [key: string]: unknown;
          };
      /** @description As sent by the client. */
      userAgent?: string;
      /** @description A second event with the same key and content is not stored again; the order of its keys and the notation of its numbers and strings do not matter. Idempotency keys are scoped to the API key that sent them. The same bytes sent with another API key are not stored again either. */
      idempotencyKey?: string;
    };
    /** @description A stored audit event: canonical JSON with the values as sent. */
    EventInput: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      companyId: string;
      timestamp: string;
      /** Format: uuid */
      workspaceId: string;
      /** @description A project within the workspace. */
      projectId?: string;
      /** @description 1–256 characters. */
      category: string;
      /** @description 1–256 characters. */
      action: string;
      actor?: {
        /** @description Who acted. */
        id?: string;
        /** @description Their email address. */
        email?: string;
        /** @description Their role. */
        role?: string;
      };
      resource?: {
        /** @description The kind of object that was acted on. */
        type?: string;
        /** @description The id of the object. */
        id?: string;
      };
      /** @description Any JSON value. Numbers keep every digit, objects keep their key order. */
      metadata?: {
        [key: string]: unknown;
      };
      tags?: string[];
      /** @description Links the events of one operation. */
      traceId?: string;
      /** @description Free text, not validated. */
      ipAddress?: string;
      geo?:
        | string
        | {
            [key: string]: unknown;
          };
      /** @description As sent by the client. */
      userAgent?: string;
      /** @description A second event with the same key and content is not stored again; the order of its keys and the notation of its numbers and strings do not matter. Idempotency keys are scoped to the API key that sent them. The same bytes sent with another API key are not stored again either. */
      idempotencyKey?: string;
    };
    EventReceiptInput: {
      /**
       * Format: date-time
       * @description When the event arrived, by the clock of the API.
       */
      receivedAt: string;
      apiKey: {
        /**
         * Format: uuid
         * @description The API key that sent it.
         */
        id: string;
        /** @description Its name at that time. */
        label: string | null;
      } | null;
    };
    EventBatchInput: {
      events: components['schemas']['NewEventInput'][];
    };
    EventBatchResultInput: {
      results: {
        /** @description Position in the batch, from 0. */
        index: number;
        /** @enum {string} */
        status: 'created' | 'replayed' | 'rejected';
        /** Format: uuid */
        id?: string;
        /** @description The error code of the rejection, for programs. */
        code?: string;
        /** @description The reason for the rejection, for people. */
        detail?: string;
        /** @description The field that was rejected, where known. */
        path?: string;
      }[];
      created: number;
      replayed: number;
      rejected: number;
    };
    EventSearchInput: {
      /** @description The events to list. Default: all events of the workspaces that the key can access. */
      filters?: {
        /**
         * @description Version of this document; default 1.
         * @constant
         */
        version?: 1;
        /**
         * Format: date-time
         * @description Start of the time range, inclusive; RFC 3339, at most microseconds.
         */
        from?: string;
        /**
         * Format: date-time
         * @description End of the time range, exclusive; RFC 3339, at most microseconds.
         */
        to?: string;
        /** @description A time range that moves with the clock, instead of from and to. */
        range?: {
          /** @description The time up to now: a whole number and m, h, d or w, such as `24h`; at most 3650d. */
          last?: string;
          /**
           * @description The whole day, week (from Monday) or month before the current one, in UTC.
           * @enum {string}
           */
          previous?: 'day' | 'week' | 'month';
        };
        /** @description Events of any of these workspaces. At most 100 different values. */
        workspaceIds?: string[];
        /** @description Short for `workspaceIds` with one value. */
        workspaceId?: string;
        /** @description Events of any of these projects. At most 100 different values. */
        projectIds?: string[];
        /** @description Short for `projectIds` with one value. */
        projectId?: string;
        /** @description Events of any of these categories, compared exactly. At most 100 different values. */
        categories?: string[];
        /** @description Short for `categories` with one value. */
        category?: string;
        /** @description Events of any of these actions, compared exactly. At most 100 different values. */
        actions?: string[];
        /** @description Short for `actions` with one value. */
        action?: string;
        /** @description Events by any of these actors. At most 100 different values. */
        actorIds?: string[];
        /** @description Short for `actorIds` with one value. */
        actorId?: string;
        /** @description Events by an actor with any of these email addresses, ignoring case. At most 100 different values. */
        actorEmails?: string[];
        /** @description Short for `actorEmails` with one value. */
        actorEmail?: string;
        /** @description Events on a resource of any of these types. At most 100 different values. */
        resourceTypes?: string[];
        /** @description Short for `resourceTypes` with one value. */
        resourceType?: string;
        /** @description Events on any of these resources. At most 100 different values. */
        resourceIds?: string[];
        /** @description Short for `resourceIds` with one value. */
        resourceId?: string;
        /** @description Events with at least one of these tags. At most 100 different values. */
        tags?: string[];
        /** @description Short for `tags` with one value. */
        tag?: string;
        /** @description Events of any of these traces. At most 100 different values. */
        traceIds?: string[];
        /** @description Short for `traceIds` with one value. */
        traceId?: string;
        /** @description Events from any of these IP addresses or CIDR ranges (`10.0.0.0/8`, `2001:db8::/32`), in any spelling; other text is compared exactly. At most 100 different values. */
        ipAddresses?: string[];
        /** @description Short for `ipAddresses` with one value. */
        ipAddress?: string;
        /** @description Events that any of these API keys sent, by the id of the key; events stored before keys were recorded match none. At most 100 different values. */
        apiKeyIds?: string[];
        /** @description Short for `apiKeyIds` with one value. */
        apiKeyId?: string;
        /**
         * Format: date-time
         * @description Start of the time range in which events were received, inclusive. Events stored before receipts were recorded match none.
         */
        receivedFrom?: string;
        /**
         * Format: date-time
         * @description End of the time range in which events were received, exclusive.
         */
        receivedTo?: string;
        /** @description Text to find, ignoring case, in action, category, actor (id, email, role), resource, projectId, tags, traceId, ipAddress or userAgent. */
        search?: string;
        /** @description Conditions on the metadata that must all hold; at most 20. */
        metadata?: {
          /** @description Names joined by dots, at most 10 deep: `request.host`, `items[0].id`, `"name.with.dots".id`. */
          path: string;
          /**
           * @description How the field is compared.
           * @enum {string}
           */
          op: 'eq' | 'exists' | 'contains';
          /** @description Compared (`eq`) or searched for ignoring case (`contains`); not given for `exists`. Numbers compare by value: `12.5` finds 12.50 and `"9007199254740993"` finds that number. */
          value?: string | number | boolean | null;
        }[];
        /**
         * @description Sort key of a list; exports ignore it.
         * @enum {string}
         */
        sort?: 'timestamp';
        /**
         * @description Direction of the sort, in a list; exports ignore it.
         * @enum {string}
         */
        order?: 'asc' | 'desc';
        /** @description Events on a page, in a list; exports ignore it. */
        pageSize?: number;
      };
      /** @description Maximum events per page. Default: 50. */
      limit?: number;
      /** @description `nextCursor` of the previous page. */
      cursor?: string;
    };
    KeyStatusInput: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      scope: 'company' | 'workspace';
      /**
       * @description A request with an expired or revoked key answers 401.
       * @constant
       */
      status: 'active';
      /** @description null for a company key. */
      workspaceId: string | null;
      permissions: ('events:write' | 'events:read' | 'exports:write' | 'exports:read')[];
      /** @description Accurate to the minute. */
      lastUsedAt: string | null;
      expiresAt: string | null;
      /** @description 100 is best: minus 40 when it expires within 14 days, 20 when it never expires, 20 when older than a year, 10 when it may do everything everywhere. */
      healthScore: number;
    };
    /** @description RFC 9457 problem details. */
    Problem: {
      type: string;
      title: string;
      status: number;
      /**
       * @description Stable error code, for programs.
       * @enum {string}
       */
      code:
        | 'MALFORMED_JSON'
        | 'VALIDATION_FAILED'
        | 'NOT_FOUND'
        | 'REQUEST_TIMEOUT'
        | 'PAYLOAD_TOO_LARGE'
        | 'UNSUPPORTED_MEDIA_TYPE'
        | 'RATE_LIMITED'
        | 'HEADERS_TOO_LARGE'
        | 'INTERNAL'
        | 'SERVER_BUSY'
        | 'BATCH_TOO_LARGE'
        | 'EMPTY_FILTER'
        | 'INVALID_CURSOR'
        | 'SEARCH_TOO_BROAD'
        | 'SOURCE_UNSUPPORTED'
        | 'TIMESTAMP_IN_FUTURE'
        | 'WORKSPACE_REQUIRED'
        | 'UNAUTHENTICATED'
        | 'PERMISSION_DENIED'
        | 'WORKSPACE_FORBIDDEN'
        | 'EXPORT_NOT_AVAILABLE'
        | 'EXPORT_NOT_CANCELABLE'
        | 'EXPORT_NOT_READY'
        | 'EXPORT_NOT_RERUNNABLE'
        | 'IDEMPOTENCY_CONFLICT'
        | 'NAME_TAKEN'
        | 'NEWER_VERSION'
        | 'QUOTA_EXCEEDED'
        | 'VERSION_CONFLICT'
        | 'ARTIFACT_MISSING'
        | 'EXPORT_FILE_DELETED'
        | 'EXPORT_EXPIRED'
        | 'PRECONDITION_FAILED'
        | 'RANGE_NOT_SATISFIABLE'
        | 'EXPORT_TOO_LARGE'
        | 'TIME_RANGE_LIMIT'
        | 'ARTIFACT_UNAVAILABLE'
        | 'SCHEMA_DRIFT'
        | 'REGION_UNAVAILABLE';
      /** @description Explanation of the error and how to fix it, for people. */
      detail: string;
      /** @description Give this id to your operator when you report the error. */
      requestId: string;
      /** @description The fields that are not valid. */
      errors?: {
        path: string;
        message: string;
      }[];
    } & {
      [key: string]: unknown;
    };
    NewExport: {
      /**
       * @description This version supports only HOT.
       * @default HOT
       * @enum {string}
       */
      source: 'HOT' | 'ARCHIVED' | 'HOT_AND_ARCHIVED';
      /** @enum {string} */
      format: 'JSONL' | 'CSV';
      /**
       * @description The events to export. Default: all events of the workspaces that the key can access.
       * @default {
       *       "version": 1
       *     }
       */
      filters: unknown;
      /** @description Maximum number of events, oldest first. If more events match, the job has `truncated: true`. */
      limit?: number | null;
      /**
       * @default none
       * @enum {string}
       */
      compression: 'none' | 'gzip' | 'zstd';
      /**
       * @default {
       *       "formulaGuard": true,
       *       "bom": false
       *     }
       */
      csv: {
        /**
         * @description Put one ' in front of cells that begin with = + - @ tab CR or ', so that a spreadsheet does not run them.
         * @default true
         */
        formulaGuard: boolean;
        /**
         * @description Start the file with a byte order mark, for old versions of Excel.
         * @default false
         */
        bom: boolean;
        /** @description The columns of a CSV file, in this order. Default: all except `receivedAt`, `apiKeyId` and `apiKeyLabel`, the time and the API key with which an event arrived. */
        columns?: (
          | 'id'
          | 'timestamp'
          | 'workspaceId'
          | 'projectId'
          | 'category'
          | 'action'
          | 'actorId'
          | 'actorEmail'
          | 'actorRole'
          | 'resourceType'
          | 'resourceId'
          | 'metadata'
          | 'tags'
          | 'traceId'
          | 'ipAddress'
          | 'geo'
          | 'userAgent'
          | 'receivedAt'
          | 'apiKeyId'
          | 'apiKeyLabel'
        )[];
      };
      /** @description The reason for the export, or a ticket. Stored with the job. */
      purpose?: string | null;
    };
    ExportJob: {
      /** Format: uuid */
      jobId: string;
      /** Format: uuid */
      companyId: string;
      workspaceIds: string[];
      requestedBy: {
        /** @enum {string} */
        type: 'user' | 'api_key';
        id: string;
        label: string;
      };
      /** @constant */
      source: 'HOT';
      /** @enum {string} */
      format: 'JSONL' | 'CSV';
      /** @enum {string} */
      compression: 'none' | 'gzip' | 'zstd';
      csv: {
        formulaGuard: boolean;
        bom: boolean;
        /** @description Absent for the default columns. */
        columns?: (
          | 'id'
          | 'timestamp'
          | 'workspaceId'
          | 'projectId'
          | 'category'
          | 'action'
          | 'actorId'
          | 'actorEmail'
          | 'actorRole'
          | 'resourceType'
          | 'resourceId'
          | 'metadata'
          | 'tags'
          | 'traceId'
          | 'ipAddress'
          | 'geo'
          | 'userAgent'
          | 'receivedAt'
          | 'apiKeyId'
          | 'apiKeyLabel'
        )[];
      };
      /** @description The canonical EventQuery with its time range resolved. */
      filters: {
        /** @constant */
        version: 1;
      } & {
        [key: string]: unknown;
      };
      savedExplorerViewId: string | null;
      templateId: string | null;
      rerunOf: string | null;
      purpose: string | null;
      limit: number | null;
      /** @enum {string} */
      status: 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';
      /** @description Rows exported so far; after the job has succeeded, rows in the file. */
      rowsExported: number;
      /** @description null if counting would take longer than two seconds. */
      rowsExpected: number | null;
      /** @description True if `rowsExpected` is the exact count of the events that the job covers. The job then succeeds only with exactly as many rows. */
      rowsExpectedExact: boolean;
      /** @description Why the count is not exact. The rows of the file are then compared only with the number of rows that PostgreSQL reported. */
      rowsExpectedReason: ('NOT_COUNTED_YET' | 'COUNT_TOOK_TOO_LONG') | null;
      /** @description Size of the stored file. */
      bytes: number | null;
      /** @description SHA-256 of the stored file. */
      sha256: string | null;
      /** @description SHA-256 of the uncompressed content. */
      contentSha256: string | null;
      /** @description True if more events matched than `limit` allows. */
      truncated: boolean;
      attempt: number;
      cancelRequestedAt: string | null;
      failureCode:
        | (
            | 'EXPORT_TOO_LARGE'
            | 'ARTIFACT_QUOTA_EXCEEDED'
            | 'STORE_FULL'
            | 'STORE_REFUSED'
            | 'STORE_FAILED'
            | 'DATABASE_FAILED'
            | 'QUERY_TOO_SLOW'
            | 'ROW_COUNT_MISMATCH'
            | 'WORKER_LOST'
          )
        | null;
      failureSummary: string | null;
      retryHint: string | null;
      /** @description The artifact store refused to delete parts of the file. A cleanup task retries. */
      unfinishedPartsRemain: boolean;
      /** Format: date-time */
      createdAt: string;
      startedAt: string | null;
      finishedAt: string | null;
      artifactExpiresAt: string | null;
      /** @description The reason why an unfinished job is waiting; null if it is not waiting. */
      waitingFor: {
        code: string;
        reason: string;
        since: string | null;
        /** @description Time of the next attempt; null while the job runs. */
        nextTryAt: string | null;
      } | null;
      /** @description When the file was deleted on request. */
      artifactDeletedAt: string | null;
      artifactDeletedBy: {
        /** @enum {string} */
        type: 'user' | 'api_key';
        id: string;
        label: string;
      } | null;
    };
    /** @description An audit event to store. At most 256 KiB and 64 levels of nesting. */
    NewEvent: {
      /**
       * Format: date-time
       * @description RFC 3339, 1970–2099, at most nine sub-second digits. Default: now. More than 24 hours in the future is rejected, unless the operator allows it for the company.
       */
      timestamp?: string;
      /**
       * Format: uuid
       * @description Required with a company key.
       */
      workspaceId?: string;
      /** @description A project within the workspace. */
      projectId?: string;
      /** @description 1–256 characters. */
      category: string;
      /** @description 1–256 characters. */
      action: string;
      actor?: {
        /** @description Who acted. */
        id?: string;
        /** @description Their email address. */
        email?: string;
        /** @description Their role. */
        role?: string;
      };
      resource?: {
        /** @description The kind of object that was acted on. */
        type?: string;
        /** @description The id of the object. */
        id?: string;
      };
      /** @description Any JSON value. Numbers keep every digit, objects keep their key order. */
      metadata?: {
        [key: string]: unknown;
      };
      tags?: string[];
      /** @description Links the events of one operation. */
      traceId?: string;
      /** @description Free text, not validated. */
      ipAddress?: string;
      geo?:
        | string
        | {
            [key: string]: unknown;
          };
      /** @description As sent by the client. */
      userAgent?: string;
      /** @description A second event with the same key and content is not stored again; the order of its keys and the notation of its numbers and strings do not matter. Idempotency keys are scoped to the API key that sent them. The same bytes sent with another API key are not stored again either. */
      idempotencyKey?: string;
    };
    /** @description A stored audit event: canonical JSON with the values as sent. */
    Event: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      companyId: string;
      timestamp: string;
      /** Format: uuid */
      workspaceId: string;
      /** @description A project within the workspace. */
      projectId?: string;
      /** @description 1–256 characters. */
      category: string;
      /** @description 1–256 characters. */
      action: string;
      actor?: {
        /** @description Who acted. */
        id?: string;
        /** @description Their email address. */
        email?: string;
        /** @description Their role. */
        role?: string;
      };
      resource?: {
        /** @description The kind of object that was acted on. */
        type?: string;
        /** @description The id of the object. */
        id?: string;
      };
      /** @description Any JSON value. Numbers keep every digit, objects keep their key order. */
      metadata?: {
        [key: string]: unknown;
      };
      tags?: string[];
      /** @description Links the events of one operation. */
      traceId?: string;
      /** @description Free text, not validated. */
      ipAddress?: string;
      geo?:
        | string
        | {
            [key: string]: unknown;
          };
      /** @description As sent by the client. */
      userAgent?: string;
      /** @description A second event with the same key and content is not stored again; the order of its keys and the notation of its numbers and strings do not matter. Idempotency keys are scoped to the API key that sent them. The same bytes sent with another API key are not stored again either. */
      idempotencyKey?: string;
    };
    EventReceipt: {
      /**
       * Format: date-time
       * @description When the event arrived, by the clock of the API.
       */
      receivedAt: string;
      apiKey: {
        /**
         * Format: uuid
         * @description The API key that sent it.
         */
        id: string;
        /** @description Its name at that time. */
        label: string | null;
      } | null;
    };
    EventBatch: {
      events: components['schemas']['NewEvent'][];
    };
    EventBatchResult: {
      results: {
        /** @description Position in the batch, from 0. */
        index: number;
        /** @enum {string} */
        status: 'created' | 'replayed' | 'rejected';
        /** Format: uuid */
        id?: string;
        /** @description The error code of the rejection, for programs. */
        code?: string;
        /** @description The reason for the rejection, for people. */
        detail?: string;
        /** @description The field that was rejected, where known. */
        path?: string;
      }[];
      created: number;
      replayed: number;
      rejected: number;
    };
    EventSearch: {
      /**
       * @description The events to list. Default: all events of the workspaces that the key can access.
       * @default {
       *       "version": 1
       *     }
       */
      filters: unknown;
      /** @description Maximum events per page. Default: 50. */
      limit?: number;
      /** @description `nextCursor` of the previous page. */
      cursor?: string;
    };
    KeyStatus: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      scope: 'company' | 'workspace';
      /**
       * @description A request with an expired or revoked key answers 401.
       * @constant
       */
      status: 'active';
      /** @description null for a company key. */
      workspaceId: string | null;
      permissions: ('events:write' | 'events:read' | 'exports:write' | 'exports:read')[];
      /** @description Accurate to the minute. */
      lastUsedAt: string | null;
      expiresAt: string | null;
      /** @description 100 is best: minus 40 when it expires within 14 days, 20 when it never expires, 20 when older than a year, 10 when it may do everything everywhere. */
      healthScore: number;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listEvents: {
    parameters: {
      query?: {
        /** @description Maximum entries per page, 1–200. Default: 50. */
        limit?: number;
        /** @description `nextCursor` of the previous page. All other parameters must be the same. */
        cursor?: string;
        /** @description Version of this document; default 1. */
        version?: string;
        /** @description Start of the time range, inclusive; RFC 3339, at most microseconds. */
        from?: string;
        /** @description End of the time range, exclusive; RFC 3339, at most microseconds. */
        to?: string;
        /** @description Events of any of these workspaces. At most 100 different values. Repeat the parameter for several values. */
        workspaceIds?: string | string[];
        /** @description Short for `workspaceIds` with one value. Repeat the parameter for several values. */
        workspaceId?: string | string[];
        /** @description Events of any of these projects. At most 100 different values. Repeat the parameter for several values. */
        projectIds?: string | string[];
        /** @description Short for `projectIds` with one value. Repeat the parameter for several values. */
        projectId?: string | string[];
        /** @description Events of any of these categories, compared exactly. At most 100 different values. Repeat the parameter for several values. */
        categories?: string | string[];
        /** @description Short for `categories` with one value. Repeat the parameter for several values. */
        category?: string | string[];
        /** @description Events of any of these actions, compared exactly. At most 100 different values. Repeat the parameter for several values. */
        actions?: string | string[];
        /** @description Short for `actions` with one value. Repeat the parameter for several values. */
        action?: string | string[];
        /** @description Events by any of these actors. At most 100 different values. Repeat the parameter for several values. */
        actorIds?: string | string[];
        /** @description Short for `actorIds` with one value. Repeat the parameter for several values. */
        actorId?: string | string[];
        /** @description Events by an actor with any of these email addresses, ignoring case. At most 100 different values. Repeat the parameter for several values. */
        actorEmails?: string | string[];
        /** @description Short for `actorEmails` with one value. Repeat the parameter for several values. */
        actorEmail?: string | string[];
        /** @description Events on a resource of any of these types. At most 100 different values. Repeat the parameter for several values. */
        resourceTypes?: string | string[];
        /** @description Short for `resourceTypes` with one value. Repeat the parameter for several values. */
        resourceType?: string | string[];
        /** @description Events on any of these resources. At most 100 different values. Repeat the parameter for several values. */
        resourceIds?: string | string[];
        /** @description Short for `resourceIds` with one value. Repeat the parameter for several values. */
        resourceId?: string | string[];
        /** @description Events with at least one of these tags. At most 100 different values. Repeat the parameter for several values. */
        tags?: string | string[];
        /** @description Short for `tags` with one value. Repeat the parameter for several values. */
        tag?: string | string[];
        /** @description Events of any of these traces. At most 100 different values. Repeat the parameter for several values. */
        traceIds?: string | string[];
        /** @description Short for `traceIds` with one value. Repeat the parameter for several values. */
        traceId?: string | string[];
        /** @description Events from any of these IP addresses or CIDR ranges (`10.0.0.0/8`, `2001:db8::/32`), in any spelling; other text is compared exactly. At most 100 different values. Repeat the parameter for several values. */
        ipAddresses?: string | string[];
        /** @description Short for `ipAddresses` with one value. Repeat the parameter for several values. */
        ipAddress?: string | string[];
        /** @description Events that any of these API keys sent, by the id of the key; events stored before keys were recorded match none. At most 100 different values. Repeat the parameter for several values. */
        apiKeyIds?: string | string[];
        /** @description Short for `apiKeyIds` with one value. Repeat the parameter for several values. */
        apiKeyId?: string | string[];
        /** @description Start of the time range in which events were received, inclusive. Events stored before receipts were recorded match none. */
        receivedFrom?: string;
        /** @description End of the time range in which events were received, exclusive. */
        receivedTo?: string;
        /** @description Text to find, ignoring case, in action, category, actor (id, email, role), resource, projectId, tags, traceId, ipAddress or userAgent. */
        search?: string;
        /** @description Conditions on the metadata that must all hold; at most 20. A JSON array as text. */
        metadata?: string;
        /** @description Sort key of a list; exports ignore it. */
        sort?: string;
        /** @description Direction of the sort, in a list; exports ignore it. */
        order?: string;
        /** @description Events on a page, in a list; exports ignore it. */
        pageSize?: string;
        /** @description The time up to now: a whole number and m, h, d or w, such as `24h`; at most 3650d. */
        last?: string;
        /** @description The whole day, week (from Monday) or month before the current one, in UTC. */
        previous?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Event'][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            nextCursor: string | null;
            /** @description For each event in `data`, at the same position: the time and the API key with which it arrived. Not part of the stored event. null for events stored before receipts were recorded. Absent if `data` is empty. */
            receipts?: (components['schemas']['EventReceipt'] | null)[];
          };
        };
      };
      /** @description VALIDATION_FAILED, EMPTY_FILTER, INVALID_CURSOR, SEARCH_TOO_BROAD */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED, WORKSPACE_FORBIDDEN */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createEvents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json':
          | components['schemas']['NewEventInput']
          | components['schemas']['EventBatchInput'];
      };
    };
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json':
            | components['schemas']['EventBatchResult']
            | {
                /** Format: uuid */
                id: string;
              };
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** Format: uuid */
            id: string;
          };
        };
      };
      /** @description MALFORMED_JSON, VALIDATION_FAILED, BATCH_TOO_LARGE, WORKSPACE_REQUIRED, TIMESTAMP_IN_FUTURE */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED, WORKSPACE_FORBIDDEN */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description IDEMPOTENCY_CONFLICT */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PAYLOAD_TOO_LARGE */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNSUPPORTED_MEDIA_TYPE */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description TIME_RANGE_LIMIT, RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVER_BUSY, REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  searchEvents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EventSearchInput'];
      };
    };
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['Event'][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            nextCursor: string | null;
            /** @description For each event in `data`, at the same position: the time and the API key with which it arrived. Not part of the stored event. null for events stored before receipts were recorded. Absent if `data` is empty. */
            receipts?: (components['schemas']['EventReceipt'] | null)[];
          };
        };
      };
      /** @description MALFORMED_JSON, VALIDATION_FAILED, EMPTY_FILTER, INVALID_CURSOR, SEARCH_TOO_BROAD */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED, WORKSPACE_FORBIDDEN */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PAYLOAD_TOO_LARGE */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNSUPPORTED_MEDIA_TYPE */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVER_BUSY, REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listExports: {
    parameters: {
      query?: {
        /** @description Maximum entries per page, 1–200. Default: 50. */
        limit?: number;
        /** @description `nextCursor` of the previous page. All other parameters must be the same. */
        cursor?: string;
        /** @description Repeat the parameter for several values. */
        status?:
          | ('pending' | 'running' | 'succeeded' | 'failed' | 'canceled')
          | ('pending' | 'running' | 'succeeded' | 'failed' | 'canceled')[];
        format?: 'JSONL' | 'CSV';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['ExportJob'][];
            /** @description Send it as `cursor` to get the next page; null on the last page. */
            nextCursor: string | null;
          };
        };
      };
      /** @description VALIDATION_FAILED, INVALID_CURSOR */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createExport: {
    parameters: {
      query?: never;
      header?: {
        /** @description Makes it safe to repeat the request, for 24 hours. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewExportInput'];
      };
    };
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExportJob'];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExportJob'];
        };
      };
      /** @description MALFORMED_JSON, VALIDATION_FAILED, EMPTY_FILTER, SOURCE_UNSUPPORTED */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED, WORKSPACE_FORBIDDEN */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description IDEMPOTENCY_CONFLICT, QUOTA_EXCEEDED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PAYLOAD_TOO_LARGE */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description UNSUPPORTED_MEDIA_TYPE */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description EXPORT_TOO_LARGE */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVER_BUSY, REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getExport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        jobId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExportJob'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelExport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        jobId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExportJob'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description EXPORT_NOT_CANCELABLE */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  downloadExport: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        jobId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The whole file. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
          'text/csv': string;
          'application/gzip': string;
          'application/zstd': string;
        };
      };
      /** @description The requested range of the file. */
      206: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
          'text/csv': string;
          'application/gzip': string;
          'application/zstd': string;
        };
      };
      /** @description If-None-Match names this version of the file. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description EXPORT_NOT_READY, EXPORT_NOT_AVAILABLE */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description EXPORT_EXPIRED, EXPORT_FILE_DELETED, ARTIFACT_MISSING */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PRECONDITION_FAILED */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RANGE_NOT_SATISFIABLE */
      416: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description ARTIFACT_UNAVAILABLE, REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteExportFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        jobId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExportJob'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description PERMISSION_DENIED */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description EXPORT_NOT_READY, EXPORT_NOT_AVAILABLE */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SCHEMA_DRIFT, REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getKeyStatus: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['KeyStatus'];
        };
      };
      /** @description UNAUTHENTICATED */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description RATE_LIMITED */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description REGION_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
