import { answer, type LedgerParts } from './context.js';

const PAGE = 500;

/**
 * Takes the ledger over to a new key: seals the payloads of open deliveries anew, and then names the new key. Another
 * process may do the same at the same time, and a crash in between is made good by the next start.
 */
export async function rotateKey({ redis, keys, keyring, log, script }: LedgerParts): Promise<void> {
  let resealed = 0;
  let cursor = '0';
  do {
    const [next, found] = await answer(
      redis.scan(cursor, 'MATCH', `${escapeGlob(keys.payload(''))}*`, 'COUNT', PAGE),
    );
    for (const key of found) {
      const delivery = key.slice(keys.payload('').length);
      const sealed = await answer(redis.getBuffer(key));
      if (sealed === null) continue; // final meanwhile
      const plain = keyring.unseal(sealed, delivery);
      resealed += Number(await script('reseal', delivery, sealed, keyring.seal(plain, delivery)));
    }
    cursor = next;
  } while (cursor !== '0');
  await answer(redis.hset(keys.meta, 'key', keyring.id));
  log.info({ key: keyring.id, resealed }, 'the ledger was taken over to a new key');
}

/** A prefix may hold characters that SCAN's patterns give a meaning to. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]^]/g, '\\$&');
}
