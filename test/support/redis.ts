import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { type SandboxRedis, type SandboxRedisOptions, startSandboxRedis } from '../../src/sandbox/redis.js';

export interface TestRedis {
  readonly server: SandboxRedis;
  /** A connection that is closed at the end. */
  readonly redis: Redis;
  /** One more of those. */
  connect(): Redis;
  /** A prefix that no other test has. */
  prefix(): string;
}

/** A real Redis for this test file, stopped and removed after it. */
export function useRedis(options: Omit<SandboxRedisOptions, 'dir'> = {}): () => TestRedis {
  let current: TestRedis | undefined;
  let dir: string;
  const connections: Redis[] = [];
  let prefixes = 0;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-redis-'));
    const server = await startSandboxRedis({ dir, appendfsync: 'no', ...options });
    const connect = () => {
      const redis = new Redis({ path: server.path, maxRetriesPerRequest: 5 });
      redis.on('error', () => {}); // a test that stops the server sees it in its commands
      connections.push(redis);
      return redis;
    };
    current = {
      server,
      redis: connect(),
      connect,
      prefix: () => {
        prefixes += 1;
        return `test${prefixes}`;
      },
    };
  });
  afterAll(async () => {
    for (const redis of connections) redis.disconnect();
    await current?.server.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return () => {
    if (!current) throw new Error('Redis is started before the first test, not before that');
    return current;
  };
}
