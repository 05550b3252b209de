import type { Redis } from 'ioredis';
import { answer } from './context.js';
import type { ExportRecord } from './export-format.js';
import type { LedgerKeys } from './keys.js';
import { escapeGlob } from './rotation.js';

const PAGE = 500;

/** Every key of the ledger in pieces, but for what belongs to this Redis alone: its identity and the planners' locks. */
export async function* exportRecords(redis: Redis, keys: LedgerKeys): AsyncGenerator<ExportRecord> {
  const prefix = `${keys.root}:`;
  let cursor = '0';
  do {
    const [next, found] = await answer(redis.scan(cursor, 'MATCH', `${escapeGlob(prefix)}*`, 'COUNT', PAGE));
    const names = found.filter((name) => name !== keys.meta && !name.endsWith(':lock'));
    const isSmall = (name: string) => isOneDelivery(name.slice(prefix.length));
    // Three small keys for each delivery: asked for all at once, since one by one each would cost a round trip.
    const small = await answer(
      Promise.all(names.filter(isSmall).map((name) => whole(redis, name, name.slice(prefix.length)))),
    );
    for (const record of small) if (record) yield record;
    for (const name of names.filter((one) => !isSmall(one)))
      yield* pieces(redis, name, name.slice(prefix.length), await answer(redis.type(name)));
    cursor = next;
  } while (cursor !== '0');
}

const isOneDelivery = (key: string) => /^[dip]:/.test(key);

async function whole(redis: Redis, name: string, key: string): Promise<ExportRecord | undefined> {
  if (!key.startsWith('d:')) {
    const value = await redis.getBuffer(name);
    return value === null ? undefined : { key, type: 'string', at: 0, values: [value] };
  }
  const fields = await redis.hgetallBuffer(name);
  const values = Object.entries(fields).flatMap(([field, value]) => [Buffer.from(field), value]);
  return values.length === 0 ? undefined : { key, type: 'hash', at: 0, values };
}

async function* pieces(redis: Redis, name: string, key: string, type: string): AsyncGenerator<ExportRecord> {
  switch (type) {
    case 'list':
      for (let at = 0; ; at += PAGE) {
        const values = await answer(redis.lrangeBuffer(name, at, at + PAGE - 1));
        if (values.length === 0) return;
        yield { key, type, at, values };
      }
    case 'hash':
    case 'set':
    case 'zset':
      yield* walked(redis, name, key, type);
  }
}

async function* walked(
  redis: Redis,
  name: string,
  key: string,
  type: 'hash' | 'set' | 'zset',
): AsyncGenerator<ExportRecord> {
  let cursor = '0';
  do {
    const [next, values] = await answer(scan(redis, name, cursor, type));
    // ZSCAN gives member and score, ZADD takes score and member.
    if (type === 'zset')
      for (let at = 0; at < values.length; at += 2)
        values.splice(at, 2, ...values.slice(at, at + 2).reverse());
    cursor = next.toString();
    if (values.length > 0) yield { key, type, at: 0, values };
  } while (cursor !== '0');
}

function scan(
  redis: Redis,
  name: string,
  cursor: string,
  type: 'hash' | 'set' | 'zset',
): Promise<[Buffer, Buffer[]]> {
  if (type === 'hash') return redis.hscanBuffer(name, cursor, 'COUNT', PAGE);
  if (type === 'set') return redis.sscanBuffer(name, cursor, 'COUNT', PAGE);
  return redis.zscanBuffer(name, cursor, 'COUNT', PAGE);
}
