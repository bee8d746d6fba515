/** Maximum body of POST /v1/events. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Memory for the bodies of all requests. */
export const DEFAULT_BODY_BUDGET_BYTES = 4 * MAX_BODY_BYTES;
