/**
 * How the server is set up: durable, small, and for one machine.
 *
 * The settings are written to `mosaic.conf` in the cluster before every start, so a new program brings its own; the
 * cluster's `postgresql.conf` includes that file and whatever an operator writes below that line wins. Address, port and
 * the absence of a socket come on the command line and cannot be overridden: the server is reached over 127.0.0.1 only.
 *
 * Small: 64 MB shared buffers; reads and writes in the backend itself (`io_method = sync`), no parallel workers, no JIT.
 * No replication leaves this server, so the log holds the minimum that crash recovery needs. `durable: false` is for
 * databases that are thrown away with their folder: a crash of the machine (not of a process) would corrupt them.
 */
export type ServerSettings = { readonly durable: boolean; readonly sharedBuffersMb: number }

export function configurationText({ durable, sharedBuffersMb }: ServerSettings): string {
  const settings: Record<string, string | number> = {
    max_connections: 60,
    shared_buffers: `${sharedBuffersMb}MB`,
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',
    io_method: 'sync',
    max_worker_processes: 4,
    max_parallel_workers: 0,
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
    autovacuum_max_workers: 2,
    jit: 'off',
    huge_pages: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    min_wal_size: '80MB',
    max_wal_size: '512MB',
    checkpoint_timeout: '10min',
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_line_prefix: "'%m [%p] '",
    log_checkpoints: 'off',
    password_encryption: "'scram-sha-256'",
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return [
    '# Written by Mosaic at every start. Put your own settings into postgresql.conf, below its last line.',
    ...lines,
    '',
  ].join('\n')
}

export const includeLine =
  "\ninclude = 'mosaic.conf'\n# Your own settings below this line win over mosaic.conf.\n"

export const commandLine = (data: string, port: number): string[] => [
  '-D',
  data,
  '-c',
  'listen_addresses=127.0.0.1',
  '-c',
  `port=${port}`,
  '-c',
  'unix_socket_directories=',
]
