import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RollcallError } from '../lib/errors.js';
import { findProgram, startDaemon } from '../lib/processes.js';
import { redisArguments } from '../lib/redis-arguments.js';
import { askRedis } from '../lib/redis-probe.js';

export interface SandboxRedis {
  readonly pid: number;
  /** The Unix socket. */
  readonly path: string;
  /** For `redis.url`. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface SandboxRedisOptions {
  /** An existing or new directory of its own; started again on it, the server has its data back. */
  readonly dir: string;
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  /** More of redis.conf, such as `{ maxmemory: '4mb' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Redis for the demo and the tests: on a Unix socket in `dir`, with an append-only file. */
export async function startSandboxRedis(options: SandboxRedisOptions): Promise<SandboxRedis> {
  const { dir, appendfsync = 'always', settings = {} } = options;
  const command = (await findProgram('redis-server')) ?? (await findProgram('valkey-server'));
  if (command === undefined)
    throw new RollcallError('ROLLCALL_ERR_DAEMON', 'There is no redis-server and no valkey-server.');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, 'redis.sock');
  const daemon = await startDaemon({
    command,
    args: redisArguments(dir, path, { appendfsync, ...settings }),
    ready: async () => (await askRedis(path, 'PING')) === '+PONG',
  });
  return { pid: daemon.pid, path, url: `unix://${path}`, stop: daemon.stop };
}
