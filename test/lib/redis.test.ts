import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { redisSchema } from '../../src/ledger/redis-schema.js';
import { silentLogger } from '../../src/lib/log.js';
import { freePort } from '../../src/lib/processes.js';
import { connectRedis } from '../../src/lib/redis.js';
import { unmetRequirements } from '../../src/lib/redis-requirements.js';
import { Secret } from '../../src/lib/secret.js';
import { startSandboxRedis } from '../../src/sandbox/redis.js';

const schema = redisSchema({ dir: '/etc/rollcall' });
const options = { log: silentLogger, for: 'commands', allowPlaintext: false } as const;

async function sandbox(settings: Record<string, string> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-redis-'));
  const server = await startSandboxRedis({ dir, appendfsync: 'no', settings });
  onTestFinished(async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return server;
}

test('a fit Redis is connected to, over a socket', async () => {
  const { url } = await sandbox();
  const redis = await connectRedis(schema.parse({ url }), options);
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
});

test('a Redis without AOF or with another eviction policy is refused with all that is wrong at once', async () => {
  const { url } = await sandbox({ appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' });
  const settings = schema.parse({ url });
  await expect(connectRedis(settings, options)).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_REDIS_UNFIT',
    exitCode: 4,
    facts: { requirements: 2 },
  });
  await expect(connectRedis({ ...settings, allowNoAof: true }, options)).rejects.toMatchObject({
    facts: { requirements: 1 },
  });
});

test('every requirement is read from INFO', () => {
  const fit =
    'redis_version:7.2.4\r\ncluster_enabled:0\r\nrole:master\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';
  expect(unmetRequirements(fit, false)).toEqual([]);
  expect(unmetRequirements(fit.replace('7.2.4', '6.2.0'), false)).toEqual([]);
  expect(unmetRequirements(fit.replace('7.2.4', '6.0.16'), false)).toHaveLength(1);
  expect(unmetRequirements(fit.replace('cluster_enabled:0', 'cluster_enabled:1'), false)).toEqual([
    'it is a cluster',
  ]);
  expect(unmetRequirements(fit.replace('role:master', 'role:slave'), false)).toHaveLength(1);
  expect(unmetRequirements(fit.replace('aof_enabled:1', 'aof_enabled:0'), true)).toEqual([]);
  expect(unmetRequirements('', false)).toHaveLength(4);
});

test('a Redis that is not there is said to be unreachable, by name and without its password', async () => {
  const port = await freePort();
  const settings = schema.parse({ url: `redis://user:hunter2@127.0.0.1:${port}` });
  const failure = await connectRedis(settings, options).catch((error) => error);
  expect(failure).toMatchObject({ code: 'ROLLCALL_ERR_REDIS_UNREACHABLE', exitCode: 4 });
  expect(failure.message).toContain(`127.0.0.1:${port}`);
  expect(JSON.stringify({ failure, message: failure.message })).not.toContain('hunter2');
});

test('Redis over a network without TLS is refused before anything is sent', async () => {
  await expect(
    connectRedis(schema.parse({ url: 'redis://redis.corp.example' }), options),
  ).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_REDIS_PLAINTEXT',
    exitCode: 2,
  });
});

test('the section is read, with the password wrapped and paths made absolute', () => {
  const read = schema.parse({ url: 'rediss://app:p%40ss@[::1]:7000/3', caFile: 'ca.pem' });
  expect(read).toMatchObject({
    url: { kind: 'tcp', host: '::1', port: 7000, tls: true, db: 3, username: 'app' },
    caFile: '/etc/rollcall/ca.pem',
    prefix: 'rollcall',
    allowNoAof: false,
  });
  expect(read.url.kind === 'tcp' && read.url.password instanceof Secret && read.url.password.reveal()).toBe(
    'p@ss',
  );
  expect(schema.parse({}).url).toEqual({ kind: 'local' });
  for (const url of ['http://x', 'redis://', 'redis://h/x', 'nonsense'])
    expect(schema.safeParse({ url }).success).toBe(false);
  expect(schema.safeParse({ prefix: 'a:b' }).success).toBe(false);
});
