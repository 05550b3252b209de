import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.js';
import { waitFor } from './deadline.js';
import { messageOf, RollcallError } from './errors.js';
import { signIn, whoIsIn, withFileLock } from './file-lock.js';
import { localSocketPath } from './local-socket.js';
import type { Logger } from './log.js';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';
import { findProgram } from './processes.js';
import { redisArguments } from './redis-arguments.js';
import { askRedis } from './redis-probe.js';

export interface LocalRedis {
  /** The Unix socket. */
  readonly path: string;
  /** The last one to leave stops the server. Safe to call twice. */
  leave(): Promise<void>;
}

export interface LocalRedisOptions {
  /** `paths.data`: the server's data is kept in `redis/` below. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Loading a large append-only file takes a while. */
const READY_MS = 60_000;
const STOP_MS = 15_000;
const LOCK_MS = READY_MS + STOP_MS + 5_000;

/**
 * Joins the Redis of this data directory: the first process starts it, others use it, the last to leave stops it. It
 * outlives a process that is killed, and the next one to come finds it by PING and takes it over.
 * @throws ROLLCALL_ERR_DAEMON when there is no redis-server or valkey-server, or it does not come up.
 */
export async function joinLocalRedis({ dataDir, clock, log }: LocalRedisOptions): Promise<LocalRedis> {
  const dir = join(dataDir, 'redis');
  const members = join(dir, 'members');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = await localSocketPath(dir);
  const locked = <T>(work: () => Promise<T>) =>
    withFileLock({ dir: join(dir, 'lock'), clock, waitMs: LOCK_MS, what: `the lock of ${dir}` }, work);

  const own = await locked(async () => {
    if (!(await answers(path))) await start(dir, path, clock, log);
    return signIn(members);
  });
  let left: Promise<void> | undefined;
  return {
    path,
    leave: () => {
      left ??= locked(async () => {
        await rm(own, { force: true });
        if ((await whoIsIn(members)).length === 0) await stop(dir, path, clock, log);
      });
      return left;
    },
  };
}

const answers = async (path: string) => (await askRedis(path, 'PING').catch(() => '')) === '+PONG';

async function start(dir: string, path: string, clock: Clock, log: Logger): Promise<void> {
  const running = readServer(dir);
  if (running) {
    // It is coming up for somebody who was killed meanwhile, or is reading its file: a second one would ruin that.
    await ready(path, clock, () => isAlive(running), dir);
    return;
  }
  const program = (await findProgram('redis-server')) ?? (await findProgram('valkey-server'));
  if (program === undefined)
    throw new RollcallError(
      'ROLLCALL_ERR_DAEMON',
      'redis.url is "local", but there is no redis-server or valkey-server.',
      {
        hint: 'Install it (Debian: apt-get install redis-server), or set redis.url to a Redis that runs elsewhere.',
      },
    );
  // Detached: a Ctrl-C in the terminal is meant for us, and the server must outlive whoever started it.
  const child = spawn(
    program,
    redisArguments(dir, path, { logfile: join(dir, 'redis.log'), daemonize: 'no' }),
    { detached: true, stdio: 'ignore', cwd: dir },
  );
  let failure: unknown;
  child.once('error', (error) => {
    failure = error;
  });
  if (child.pid !== undefined)
    writeFileSync(serverFile(dir), JSON.stringify(identityOf(child.pid)), { mode: 0o600 });
  child.unref();
  await ready(
    path,
    clock,
    () => failure === undefined && child.exitCode === null && child.signalCode === null,
    dir,
  );
  log.info({ socket: path, pid: child.pid }, 'started a Redis of our own');
}

async function ready(path: string, clock: Clock, lives: () => boolean, dir: string): Promise<void> {
  try {
    await waitFor(
      async () => {
        if (!lives()) throw new Error('it ended');
        return answers(path);
      },
      { ms: READY_MS, what: 'the local Redis to answer', clock },
    );
  } catch (error) {
    throw new RollcallError('ROLLCALL_ERR_DAEMON', `The local Redis did not come up: ${messageOf(error)}.`, {
      hint: `Read ${join(dir, 'redis.log')}.`,
      cause: error,
    });
  }
}

/** The last one out: SHUTDOWN writes and syncs the append-only file; signals are for one that does not listen. */
async function stop(dir: string, path: string, clock: Clock, log: Logger): Promise<void> {
  const server = readServer(dir);
  await askRedis(path, 'SHUTDOWN').catch(() => undefined); // it closes the connection in place of an answer
  if (!server) return;
  const gone = (ms: number) =>
    waitFor(() => !isAlive(server), { ms, what: 'the local Redis to stop', clock }).catch(() => false);
  if (!(await gone(STOP_MS))) {
    log.warn({ pid: server.pid }, 'the local Redis did not stop when asked to; it is killed');
    process.kill(server.pid, 'SIGKILL');
    await gone(STOP_MS);
  }
  await rm(serverFile(dir), { force: true });
}

const serverFile = (dir: string) => join(dir, 'server.json');

/** The server that was started here, while it lives. */
function readServer(dir: string): ProcessIdentity | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(serverFile(dir), 'utf8'));
    const server = { pid: Number(pid), began: String(began) };
    return isAlive(server) ? server : undefined;
  } catch {
    return undefined;
  }
}
