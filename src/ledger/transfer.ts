import { createHash } from 'node:crypto';
import { RollcallError } from '../lib/errors.js';
import { answer, type LedgerParts } from './context.js';
import {
  type ExportHeader,
  type ExportRecord,
  endLine,
  headerLine,
  parseLine,
  recordLine,
} from './export-format.js';
import { exportRecords } from './export-records.js';
import { LAYOUT_VERSION } from './identity.js';
import { rotateKey } from './rotation.js';
import { asLedgerError } from './scripts.js';
import type { LedgerUpkeep } from './types.js';

/** So many lines are written before the answers are awaited: memory stays flat, and the socket busy. */
const LINES_IN_FLIGHT = 200;

/** Backup and moving house: the whole ledger as text, and back. */
export function createTransfer(parts: LedgerParts): Pick<LedgerUpkeep, 'export' | 'import'> {
  const { redis, keys, keyring, clock } = parts;

  const pulse = async () => {
    const [fields, sending] = await answer(
      Promise.all([
        redis.hmget(keys.meta, 'id', 'key', 'epoch', 'changes'),
        redis.zcount(keys.leases, clock.now(), '+inf'),
      ]),
    );
    if (sending > 0) throw busy(`${sending} deliveries are being sent`);
    return fields.map((field) => field ?? '');
  };

  return {
    async *export() {
      const before = await pulse();
      const [id = '', key = '', epoch, changes] = before;
      const header = headerLine({
        version: LAYOUT_VERSION,
        source: `${id}:${epoch}:${changes}`,
        key,
        epoch: Number(epoch),
        at: new Date(clock.now()).toISOString(),
      });
      const sum = createHash('sha256').update(`${header}\n`);
      let lines = 1;
      yield header;
      for await (const record of exportRecords(redis, keys)) {
        const line = recordLine(record);
        sum.update(`${line}\n`);
        lines += 1;
        yield line;
      }
      if ((await pulse()).join() !== before.join()) throw busy('it was written to meanwhile');
      yield endLine({ lines: lines + 1, sha256: sum.digest('hex') });
    },

    async import(source) {
      const sum = createHash('sha256');
      let header: ExportHeader | undefined;
      let lines = 0;
      let ended = false;
      let inFlight: Promise<unknown>[] = [];
      for await (const text of source) {
        if (text === '') continue;
        lines += 1;
        if (ended) throw notWhole('something follows its last line');
        const line = parseLine(text, lines);
        if (line.kind === 'end') {
          if (line.end.lines !== lines || line.end.sha256 !== sum.digest('hex'))
            throw notWhole('its lines do not agree with the total at its end');
          ended = true;
          continue;
        }
        sum.update(`${text}\n`);
        if (line.kind === 'header') {
          if (header) throw notWhole('it has two beginnings');
          header = line.header;
          await startImport(parts, header);
          continue;
        }
        if (!header) throw notWhole('it does not begin as an export does');
        inFlight.push(written(parts, line.record, lines));
        if (inFlight.length >= LINES_IN_FLIGHT) {
          await Promise.all(inFlight);
          inFlight = [];
        }
      }
      await Promise.all(inFlight);
      if (!ended || !header) throw notWhole('it is cut short');
      await answer(
        redis
          .multi()
          .hset(keys.meta, 'imported', header.source, 'key', header.key, 'epoch', header.epoch + 1)
          .hset(keys.meta, 'importedChanges', (await answer(redis.hget(keys.meta, 'changes'))) ?? '0')
          .hdel(keys.meta, 'importing')
          .exec(),
      );
      await parts.identity.remember(header.epoch + 1);
      if (header.key !== keyring.id) await rotateKey(parts);
      return { lines };
    },
  };
}

/** Into an empty ledger, or into one that holds a part or all of the same export and nothing since. */
async function startImport(
  { redis, keys, keyring, identity }: LedgerParts,
  header: ExportHeader,
): Promise<void> {
  if (header.version > LAYOUT_VERSION)
    throw new RollcallError(
      'ROLLCALL_ERR_LEDGER_VERSION',
      `The export's layout is version ${header.version}.`,
    );
  if (keyring.hashUnder(header.key, 'known', '') === undefined)
    throw new RollcallError('ROLLCALL_ERR_LEDGER_KEY', `The export belongs to the key ${header.key}.`, {
      facts: { ledger: header.key, file: keyring.id },
    });
  refuseOlder(identity, header);
  const [[importing, imported, importedChanges, changes], campaigns, suppressed] = await answer(
    Promise.all([
      redis.hmget(keys.meta, 'importing', 'imported', 'importedChanges', 'changes'),
      redis.scard(keys.campaigns),
      redis.hlen(keys.suppressed),
    ]),
  );
  const isEmpty = campaigns === 0 && suppressed === 0 && !importing;
  const isSame = importing === header.source || (imported === header.source && importedChanges === changes);
  if (!isEmpty && !isSame)
    throw new RollcallError(
      'ROLLCALL_ERR_LEDGER_NOT_EMPTY',
      importing ? 'Another export was being imported here.' : 'This ledger has been written to.',
    );
  await answer(redis.hset(keys.meta, 'importing', header.source));
}

/** What this machine has written to before must be in the export, or people written to since would be written to again. */
function refuseOlder({ lost }: LedgerParts['identity'], { source, epoch }: ExportHeader): void {
  if (lost === undefined) return;
  const isOfIt = source.startsWith(`${lost.id}:`);
  if (isOfIt && lost.epoch <= epoch) return;
  throw new RollcallError(
    'ROLLCALL_ERR_LEDGER_BEHIND',
    isOfIt
      ? `The export is older (epoch ${epoch}) than what this machine has written to that ledger (epoch ${lost.epoch}).`
      : 'The export is of another ledger than the one this machine has written to.',
    {
      hint: 'Look for a newer export. To take this one all the same, knowing that whoever was written to since may be written to again, delete the file that is named as keys.file with ".ledger" behind it.',
    },
  );
}

/** Awaited together with others, or never, where a later line is refused first: no failure goes unheard, or counts as a fault. */
function written(parts: LedgerParts, record: ExportRecord, line: number): Promise<unknown> {
  const writing = writeRecord(parts, record).catch((error: unknown) => {
    const { code, message } = asLedgerError(error);
    throw code === 'ROLLCALL_ERR_INTERNAL'
      ? notWhole(`its line ${line} does not fit (${message})`)
      : asLedgerError(error);
  });
  writing.catch(() => {});
  return writing;
}

async function writeRecord(
  { redis, keys }: LedgerParts,
  { key, type, at, values }: ExportRecord,
): Promise<unknown> {
  const name = `${keys.root}:${key}`;
  switch (type) {
    case 'string':
      return redis.set(name, values[0] ?? '');
    case 'set':
      return redis.sadd(name, ...values);
    case 'hash':
      return redis.hset(name, ...values);
    case 'zset':
      return redis.zadd(name, ...values);
    case 'list':
      // A list begins anew, so that importing twice does not double it. Commands of one connection keep their order.
      return Promise.all([at === 0 ? redis.del(name) : undefined, redis.rpush(name, ...values)]);
  }
}

function busy(why: string): RollcallError {
  return new RollcallError('ROLLCALL_ERR_LEDGER_BUSY', `The ledger cannot be exported: ${why}.`);
}

function notWhole(why: string): RollcallError {
  return new RollcallError('ROLLCALL_ERR_LEDGER_IMPORT', `This is no whole export of a ledger: ${why}.`);
}
