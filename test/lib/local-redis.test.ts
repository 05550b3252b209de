import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { waitFor } from '../../src/lib/deadline.js';
import { joinLocalRedis } from '../../src/lib/local-redis.js';
import { silentLogger } from '../../src/lib/log.js';
import { isAlive } from '../../src/lib/process-identity.js';
import { askRedis } from '../../src/lib/redis-probe.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let built: string;

/** Node 20 runs no TypeScript: what the child processes run is compiled once. */
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'rollcall-join-'));
  await writeFile(join(built, 'package.json'), '{"type":"module"}');
  const options =
    '--ignoreConfig --outDir OUT --rootDir . --module nodenext --target es2023 --types node --skipLibCheck';
  await promisify(execFile)(
    join(ROOT, 'node_modules/.bin/tsc'),
    [...options.split(' ').map((word) => (word === 'OUT' ? built : word)), 'test/lib/join-local-redis.ts'],
    { cwd: ROOT },
  );
});
afterAll(() => rm(built, { recursive: true, force: true }));

async function dataDirectory(length = 0): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'rollcall-local-'));
  onTestFinished(async () => {
    await rm(base, { recursive: true, force: true });
  });
  return join(base, 'x'.repeat(length), 'data');
}

/** Starts a process that joins; resolves once it has. */
async function member(dataDir: string): Promise<{ child: ChildProcessWithoutNullStreams; path: string }> {
  const child = spawn(process.execPath, [join(built, 'test/lib/join-local-redis.js'), dataDir]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [line] = await once(child.stdout, 'data');
  return { child, path: String(line).trim() };
}

async function leave(child: ChildProcessWithoutNullStreams): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
}

const serverOf = async (dataDir: string) =>
  JSON.parse(await readFile(join(dataDir, 'redis', 'server.json'), 'utf8'));
const answers = (path: string) => askRedis(path, 'PING').catch(() => 'nothing');

test('the first process starts it, others join, and the last to leave stops it with its data kept', async () => {
  const dataDir = await dataDirectory();
  const members = await Promise.all([member(dataDir), member(dataDir), member(dataDir)]);
  const path = members[0]?.path ?? '';
  expect(new Set(members.map((one) => one.path)).size).toBe(1);
  expect((await stat(join(dataDir, 'redis'))).mode & 0o777).toBe(0o700);
  const redis = new Redis({ path });
  await redis.set('kept', 'yes');
  const info = await redis.info();
  expect(info).toContain('aof_enabled:1');
  expect(info).toContain('maxmemory_policy:noeviction');
  expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
  redis.disconnect();
  for (const [at, { child }] of members.entries()) {
    expect(await answers(path)).toBe('+PONG');
    await leave(child);
    expect(await answers(path)).toBe(at < 2 ? '+PONG' : 'nothing');
  }
  expect(await readdir(join(dataDir, 'redis', 'members'))).toEqual([]);

  const again = await joinLocalRedis({ dataDir, clock: systemClock, log: silentLogger });
  const reader = new Redis({ path: again.path });
  expect(await reader.get('kept')).toBe('yes');
  reader.disconnect();
  await Promise.all([again.leave(), again.leave()]);
  expect(await answers(path)).toBe('nothing');
});

test('a server whose starter was killed is found and taken over, and stopped by its new owner', async () => {
  const dataDir = await dataDirectory();
  const { child, path } = await member(dataDir);
  const server = await serverOf(dataDir);
  const killed = once(child, 'exit');
  child.kill('SIGKILL');
  await killed;
  expect(await answers(path)).toBe('+PONG');

  const next = await member(dataDir);
  expect(next.path).toBe(path);
  expect(await serverOf(dataDir)).toEqual(server);
  await leave(next.child);
  expect(isAlive(server)).toBe(false);
});

test('a server that was killed is started again, and a lock left by a dead process holds nobody up', async () => {
  const dataDir = await dataDirectory();
  const first = await member(dataDir);
  const server = await serverOf(dataDir);
  process.kill(server.pid, 'SIGKILL');
  await waitFor(() => !isAlive(server), { ms: 5000, what: 'the server to be gone' });
  first.child.kill('SIGKILL');
  await mkdir(join(dataDir, 'redis', 'lock'), { recursive: true });
  await writeFile(join(dataDir, 'redis', 'lock', `${server.pid}.${server.began}.stale`), '');

  const next = await member(dataDir);
  expect(await answers(next.path)).toBe('+PONG');
  expect((await serverOf(dataDir)).pid).not.toBe(server.pid);
  await leave(next.child);
});

test('where the path of the socket would be too long, it is elsewhere, in a directory of our own', async () => {
  const dataDir = await dataDirectory(120);
  const local = await joinLocalRedis({ dataDir, clock: systemClock, log: silentLogger });
  expect(Buffer.byteLength(local.path)).toBeLessThanOrEqual(107);
  const folder = join(local.path, '..');
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await answers(local.path)).toBe('+PONG');
  await local.leave();
  await rm(folder, { recursive: true });
});
