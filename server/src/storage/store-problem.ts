/**
 * Descriptions of problems with an artifact store. Any client may see them, so they name no bucket, path or key.
 */
export const STORE_PROBLEMS = {
  file: 'The file is not in the artifact store.',
  bucket: 'The bucket or folder of the artifact store does not exist.',
  credentials: "The artifact store does not accept this server's credentials.",
  permission: 'This server lacks a permission in the artifact store.',
  clock: "This server's clock differs too much from the artifact store's clock.",
  region: 'The bucket of the artifact store is in another region or at another endpoint.',
  encryption: 'The artifact store does not encrypt files as configured.',
  unreachable: 'The artifact store is unreachable.',
  busy: 'The artifact store is temporarily unavailable.',
  full: 'The artifact store is full.',
  other: 'The artifact store failed.',
} as const;
