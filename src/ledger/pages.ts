import type { Redis } from 'ioredis';
import { answer } from './context.js';

const PAGE = 1000;

/*
 * HSCAN and ZSCAN give whatever was there during the whole walk at least once, and may give it twice after a table shrank:
 * whoever must not see a thing twice asks for `once`.
 */

/** The field names of a hash, a page at a time. */
export async function* scanHashFields(redis: Redis, key: string): AsyncGenerator<readonly string[]> {
  for await (const page of scanHashValues(redis, key)) yield page.map(([field]) => field);
}

/** Fields and values of a hash, a page at a time, none twice. */
export async function* scanHashValues(
  redis: Redis,
  key: string,
): AsyncGenerator<readonly (readonly [string, string])[]> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const [next, flat] = await answer(redis.hscan(key, cursor, 'COUNT', PAGE));
    const page: [string, string][] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const field = flat[at] ?? '';
      if (!seen.has(field)) page.push([field, flat[at + 1] ?? '']);
      seen.add(field);
    }
    cursor = next;
    if (page.length > 0) yield page;
  } while (cursor !== '0');
}

/** Members and scores of a sorted set, a page at a time. */
export async function* scanSortedSet(
  redis: Redis,
  key: string,
): AsyncGenerator<readonly (readonly [string, number])[]> {
  let cursor = '0';
  do {
    const [next, flat] = await answer(redis.zscan(key, cursor, 'COUNT', PAGE));
    const page: [string, number][] = [];
    for (let at = 0; at < flat.length; at += 2) page.push([flat[at] ?? '', Number(flat[at + 1])]);
    cursor = next;
    if (page.length > 0) yield page;
  } while (cursor !== '0');
}

/** The elements of a list that only grows, a page at a time. */
export async function* pageList(redis: Redis, key: string, size = PAGE): AsyncGenerator<readonly string[]> {
  for (let at = 0; ; at += size) {
    const page = await answer(redis.lrange(key, at, at + size - 1));
    if (page.length === 0) return;
    yield page;
  }
}
