/** `fast` gives up crash safety for speed and is for tests only. */
export type Durability = 'durable' | 'fast';

/**
 * The server settings of the embedded PostgreSQL, handed over on its command line: nothing has to be
 * rewritten in the data directory when a release changes them.
 */
export function serverSettings(durability: Durability): Record<string, string> {
  return { ...EVERYWHERE, ...(durability === 'durable' ? DURABLE : FAST) };
}

const EVERYWHERE = {
  listen_addresses: '127.0.0.1',
  // Loopback TCP only: a socket path may be too long (107 bytes) and would be a second way in.
  unix_socket_directories: '',
  max_connections: '200',
  // A query over all time locks each partition of `events` and each of its indexes: some 900 partitions can be made.
  max_locks_per_transaction: '1024',
  shared_buffers: '256MB',
  // Parallel queries put their shared memory in System V segments. `posix` lies in /dev/shm, 64 MB in a
  // container, where a large hash join fails; `mmap` writes it to disk. PostgreSQL's own start-up lock is
  // a System V segment, so wherever it starts at all they work.
  dynamic_shared_memory_type: 'sysv',
  jit: 'off',
  // The default of 4 made the planner sort 1.4 GB to disk instead of walking the index of an export.
  random_page_cost: '1.1',
  max_wal_size: '4GB',
  // These binaries are built without lz4 and zstd. Without any, ingest took longer: pages of indexes are long.
  wal_compression: 'pglz',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
} as const;

const DURABLE = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
} as const;

const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // `minimal` skips the log for rows copied into a table made in the same transaction; it shuts out
  // base backups, so the durable cluster keeps the default.
  wal_level: 'minimal',
  max_wal_senders: '0',
} as const;
