import type { Socket } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { messageOf, RollcallError } from './errors.js';
import type { Logger } from './log.js';
import { isLoopback } from './loopback.js';
import { readCa } from './read-ca.js';
import { checkRedis } from './redis-requirements.js';
import type { Secret } from './secret.js';

/** Where Redis is. */
export type RedisTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'socket'; readonly path: string; readonly db: number }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
      readonly db: number;
      readonly username: string | undefined;
      readonly password: Secret | undefined;
    };

/** The settings' section `redis`. */
export interface RedisSettings {
  readonly url: RedisTarget;
  /** What every key of Rollcall's begins with, without the colon. */
  readonly prefix: string;
  readonly caFile?: string | undefined;
  /** Where the certificate names another host than the URL. */
  readonly serverName?: string | undefined;
  /** Goes ahead without AOF: a crash of Redis may then send twice. */
  readonly allowNoAof: boolean;
}

export interface RedisConnectOptions {
  readonly log: Logger;
  /**
   * `commands` give up after a while, so that whoever waits learns of it; `blocking` ones, BullMQ's workers, wait until
   * Redis is back (BullMQ asks for `maxRetriesPerRequest: null`).
   */
  readonly for: 'commands' | 'blocking';
  /** The top-level setting: without it, Redis over a network needs TLS. */
  readonly allowPlaintext: boolean;
  /** The socket of the local Redis, where the settings say `local`. */
  readonly localSocket?: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than any script of the ledger runs and any `appendfsync always` takes on a slow disk. */
const COMMAND_TIMEOUT_MS = 30_000;
const COMMAND_RETRIES = 5;

/**
 * Connects, and checks that Redis is fit for the ledger. The caller ends it with `quit()` or `disconnect()`.
 * @throws ROLLCALL_ERR_REDIS_PLAINTEXT, ROLLCALL_ERR_REDIS_UNREACHABLE, ROLLCALL_ERR_REDIS_UNFIT.
 */
export async function connectRedis(settings: RedisSettings, options: RedisConnectOptions): Promise<Redis> {
  const where = describeTarget(settings.url);
  const redis = new Redis(await redisOptions(settings, options));
  redis.on('connect', () => gatherWrites(redis.stream));
  let lastError: unknown;
  redis.on('error', (error) => {
    lastError = error;
    options.log.warn({ redis: where, reason: messageOf(error) }, 'Redis does not answer');
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw new RollcallError(
      'ROLLCALL_ERR_REDIS_UNREACHABLE',
      `Redis at ${where} cannot be reached: ${messageOf(lastError ?? error)}.`,
      { cause: lastError ?? error },
    );
  }
  try {
    await checkRedis(redis, where, settings.allowNoAof);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/**
 * Commands that are given in one turn of the event loop go out together: one system call for all of them, and with
 * `appendfsync always` one sync in Redis, which syncs once for whatever it has read at a time.
 */
function gatherWrites(socket: Socket): void {
  const { write } = socket;
  let isGathering = false;
  // passed on as it came, whichever of the overloads it was
  socket.write = ((...args: Parameters<typeof write>) => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      setImmediate(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return write.apply(socket, args);
  }) as typeof write;
}

/** The address as messages show it: without user and password. */
function describeTarget(target: RedisTarget): string {
  if (target.kind === 'tcp') return `${target.host}:${target.port}`;
  return target.kind === 'socket' ? target.path : 'the local socket';
}

async function redisOptions(
  settings: RedisSettings,
  options: RedisConnectOptions,
): Promise<Omit<RedisOptions, 'replyMapping'>> {
  const waiting =
    options.for === 'blocking'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: COMMAND_RETRIES, commandTimeout: COMMAND_TIMEOUT_MS };
  const common = { ...waiting, lazyConnect: true, connectTimeout: CONNECT_TIMEOUT_MS };
  const target = settings.url;
  if (target.kind === 'local') {
    if (options.localSocket === undefined)
      throw new RollcallError('ROLLCALL_ERR_INTERNAL', 'The local Redis was not joined before connecting.');
    return { ...common, path: options.localSocket };
  }
  if (target.kind === 'socket') return { ...common, path: target.path, db: target.db };
  if (!target.tls && !options.allowPlaintext && !isLoopback(target.host))
    throw new RollcallError(
      'ROLLCALL_ERR_REDIS_PLAINTEXT',
      `redis.url names ${target.host} without TLS, and the ledger would cross the network in the clear.`,
    );
  return {
    ...common,
    host: target.host,
    port: target.port,
    db: target.db,
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password.reveal() }),
    ...(target.tls && {
      tls: {
        servername: settings.serverName ?? target.host,
        ...(settings.caFile !== undefined && { ca: await readCa(settings.caFile, 'redis.caFile') }),
      },
    }),
  };
}
