import type { StoreFindings } from '../artifact-store.ts';
import type { S3Connection } from './s3-connection.ts';
import { isDenied, nameOf } from './s3-error.ts';

const LIFECYCLE =
  'Add a lifecycle rule that expires noncurrent versions (NoncurrentVersionExpiration) and removes expired delete markers (ExpiredObjectDeleteMarker).';

const VERSIONING_NOTES = {
  enabled: `The bucket keeps old versions: a deleted or expired export file remains readable as an old version. ${LIFECYCLE}`,
  suspended: `Versioning of the bucket is suspended: files that were deleted while it was enabled may remain readable as old versions. ${LIFECYCLE}`,
  unknown:
    'It is unknown whether the bucket keeps old versions of deleted export files: s3:GetBucketVersioning is missing or not supported by the store.',
} as const;

const LOCK_NOTES = {
  enabled:
    'Object Lock is enabled on the bucket: a file under retention or legal hold cannot be removed, and remains stored as a version until the retention ends, also after its export was deleted or has expired.',
  unknown:
    'It is unknown whether Object Lock protects export files from deletion: s3:GetBucketObjectLockConfiguration is missing or not supported by the store.',
} as const;

/** Whether the bucket keeps objects that the product deletes; unknown if the store does not say. Never rejects. */
export async function readProtection(
  s3: S3Connection,
  options: { abortSignal: AbortSignal },
): Promise<StoreFindings> {
  const [versioning, lock] = await Promise.all([
    readVersioning(s3, options),
    readObjectLock(s3, options),
  ]);
  const notes = [
    ...(versioning === 'off' ? [] : [VERSIONING_NOTES[versioning]]),
    ...(lock.state === 'off' ? [] : [LOCK_NOTES[lock.state]]),
    ...(lock.retention === undefined
      ? []
      : [`New files are locked by default for ${lock.retention}.`]),
  ];
  return { versioning, objectLock: lock.state, notes };
}

async function readVersioning(
  { client, sdk, location }: S3Connection,
  options: { abortSignal: AbortSignal },
): Promise<StoreFindings['versioning']> {
  try {
    const command = new sdk.GetBucketVersioningCommand({ Bucket: location.bucket });
    const { Status } = await client.send(command, options);
    if (Status === 'Enabled') return 'enabled';
    return Status === 'Suspended' ? 'suspended' : 'off';
  } catch {
    return 'unknown';
  }
}

interface Lock {
  readonly state: StoreFindings['objectLock'];
  /** `30 days (COMPLIANCE)` */
  readonly retention?: string;
}

async function readObjectLock(
  { client, sdk, location }: S3Connection,
  options: { abortSignal: AbortSignal },
): Promise<Lock> {
  try {
    const command = new sdk.GetObjectLockConfigurationCommand({ Bucket: location.bucket });
    const { ObjectLockConfiguration: lock } = await client.send(command, options);
    if (lock?.ObjectLockEnabled !== 'Enabled') return { state: 'off' };
    const { Days, Years, Mode } = lock.Rule?.DefaultRetention ?? {};
    if (Days === undefined && Years === undefined) return { state: 'enabled' };
    const time = Days === undefined ? `${Years} years` : `${Days} days`;
    return { state: 'enabled', retention: `${time} (${Mode ?? 'mode unknown'})` };
  } catch (error) {
    // A bucket without Object Lock usually responds with an error.
    const isOff = nameOf(error) === 'ObjectLockConfigurationNotFoundError';
    return { state: isOff && !isDenied(error) ? 'off' : 'unknown' };
  }
}
