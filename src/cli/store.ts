import type { Redis } from 'ioredis';
import type { Settings } from '../campaign/settings-schema.js';
import { createLedger, type Ledger } from '../ledger/ledger.js';
import { type Clock, systemClock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import { createKey, type Keyring, loadKeyring } from '../lib/keyring.js';
import { joinLocalRedis } from '../lib/local-redis.js';
import { createLogger, type Logger } from '../lib/log.js';
import { connectRedis } from '../lib/redis.js';
import { createDeliveryQueue, type DeliveryQueue } from '../queue/delivery-queue.js';
import type { Session } from './session.js';
import { terminalLogger } from './terminal-logger.js';

/** What nearly every command works with. What is opened here is closed with the session. */
export interface Store {
  readonly clock: Clock;
  readonly log: Logger;
  readonly keyring: Keyring;
  readonly prefix: string;
  readonly redis: Redis;
  /** A connection of its own for BullMQ's blocking commands. */
  connectBlocking(): Promise<Redis>;
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
}

/** Sections that a store needs. */
export const storeSections = ['keys', 'redis'] as const;

/**
 * Commands that people wait for log what is amiss, in words where a terminal shows it; services log what they do, a JSON
 * line each.
 */
export function openLog({ env, out }: Session, level: 'info' | 'warn' = 'warn'): Logger {
  if (env['ROLLCALL_DEBUG']) return createLogger('debug');
  return level === 'warn' && out.interactive ? terminalLogger(out) : createLogger(level);
}

/** Redis, the ledger and the queue. */
export async function openStore(
  session: Session,
  settings: Settings<'keys' | 'redis'>,
  { log = openLog(session), forImport = false }: { log?: Logger; forImport?: boolean } = {},
): Promise<Store> {
  const clock = systemClock;
  const { keys, redis: where, paths, allowPlaintext } = settings;
  const keyring = await openKeyring(settings);
  let localSocket: string | undefined;
  if (where.url.kind === 'local') {
    const local = await joinLocalRedis({ dataDir: paths.data, clock, log });
    session.defer(() => local.leave());
    localSocket = local.path;
  }
  const connect = async (purpose: 'commands' | 'blocking') => {
    const redis = await connectRedis(where, {
      log,
      for: purpose,
      allowPlaintext,
      ...(localSocket !== undefined && { localSocket }),
    });
    session.defer(async () => redis.disconnect());
    return redis;
  };
  const redis = await connect('commands');
  const prefix = where.prefix;
  const markFile = `${keys.file}.ledger`;
  const ledger = await createLedger({ redis, prefix, keyring, clock, log, markFile, forImport });
  const queue = createDeliveryQueue({ redis, prefix, clock });
  session.defer(() => queue.close());
  return { clock, log, keyring, prefix, redis, connectBlocking: () => connect('blocking'), ledger, queue };
}

/** The root key; with a Redis that Rollcall runs itself, one is made on first use. */
export async function openKeyring({ keys, redis }: Settings<'keys' | 'redis'>): Promise<Keyring> {
  try {
    return await loadKeyring(keys);
  } catch (error) {
    const missing = error instanceof RollcallError && error.code === 'ROLLCALL_ERR_KEY_MISSING';
    if (!missing || redis.url.kind !== 'local') throw error;
    return await createKey(keys.file);
  }
}
