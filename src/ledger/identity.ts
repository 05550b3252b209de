import { randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Logger } from '../lib/log.js';
import type { Scripts } from './scripts.js';

/** The version of the keys' layout: a ledger of a newer one is refused. */
export const LAYOUT_VERSION = 1;

/** Which ledger this is. */
export interface Identity {
  readonly id: string;
  /** The key it was written under before, where the keys have been changed: the caller seals anew. */
  readonly rotatedFrom: string | undefined;
  readonly importing: boolean;
  /** The ledger that this machine has written to before, where it is another: one that was lost, and an import is to bring back. */
  readonly lost: Mark | undefined;
  /** Keeps the epoch beside the key, so that a Redis that is behind is noticed by the next process. */
  remember(epoch: number): Promise<void>;
}

const mark = z.object({ id: z.string(), epoch: z.number() });

/** What is kept beside the key. */
type Mark = z.infer<typeof mark>;

/**
 * Finds the ledger in Redis, or makes one, and compares it with the mark beside the key. For an import the comparison is
 * left to the import, which knows what it brings: that the ledger is gone is why one imports.
 * @throws ROLLCALL_ERR_LEDGER_BEHIND, ROLLCALL_ERR_LEDGER_KEY, ROLLCALL_ERR_LEDGER_VERSION.
 */
export async function identify(context: {
  scripts: Scripts;
  keyring: Keyring;
  log: Logger;
  markFile: string | undefined;
  forImport: boolean;
}): Promise<Identity> {
  const { scripts, keyring, log, markFile, forImport } = context;
  const known = markFile === undefined ? undefined : await readMark(markFile);
  const found = z
    .union([z.tuple([]), z.tuple([z.string(), z.string(), z.string(), z.string(), z.string().nullable()])])
    // Where a ledger is expected, none is made: an empty one would hide from others that theirs is gone.
    .parse(
      await scripts.run('attach', [known && !forImport ? '' : randomUUID(), keyring.id, LAYOUT_VERSION]),
    );
  const [id, key = '', version, epochText, importing] = found;
  const lost = known && known.id !== id ? known : undefined;
  if (id === undefined || (lost && !forImport)) {
    throw new RollcallError(
      'ROLLCALL_ERR_LEDGER_BEHIND',
      id === undefined
        ? 'Redis holds no ledger, but this machine has written to one: it was flushed, or redis.url or redis.prefix has changed.'
        : 'Redis holds another ledger than the one this machine has written to.',
      behindHint(markFile),
    );
  }
  const epoch = Number(epochText);
  if (Number(version) > LAYOUT_VERSION)
    throw new RollcallError('ROLLCALL_ERR_LEDGER_VERSION', `The ledger's layout is version ${version}.`);
  if (known && !lost && known.epoch > epoch) {
    throw new RollcallError(
      'ROLLCALL_ERR_LEDGER_BEHIND',
      `The ledger in Redis is older (epoch ${epoch}) than what this machine has written (epoch ${known.epoch}).`,
      behindHint(markFile),
    );
  }
  const rotated = key !== keyring.id;
  if (rotated && keyring.hashUnder(key, 'known', '') === undefined) {
    throw new RollcallError(
      'ROLLCALL_ERR_LEDGER_KEY',
      `The ledger belongs to the key ${key}, and keys.file holds ${keyring.id}.`,
      { facts: { ledger: key, file: keyring.id } },
    );
  }

  let kept = -1;
  const remember = async (current: number) => {
    if (markFile === undefined || current <= kept) return;
    kept = current;
    await writeMark(markFile, { id, epoch: current }).catch((error: unknown) =>
      log.warn(
        { file: markFile, reason: messageOf(error) },
        'the mark of the ledger cannot be written; a Redis that was flushed would not be noticed on this machine',
      ),
    );
  };
  if (!lost) await remember(epoch);
  return { id, rotatedFrom: rotated ? key : undefined, importing: importing != null, lost, remember };
}

function behindHint(markFile: string | undefined): { hint: string } {
  return {
    hint: `Restore the newest backup of Redis (docs/guides/backup.md). To start over, knowing that everybody may be written to again, delete ${markFile}.`,
  };
}

async function readMark(file: string): Promise<Mark | undefined> {
  try {
    return mark.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new RollcallError(
      'ROLLCALL_ERR_LEDGER_BEHIND',
      `The mark of the ledger, ${file}, cannot be read.`,
      {
        hint: `Restore the file, or delete it if the ledger in Redis is the right one.`,
        cause: error,
      },
    );
  }
}

async function writeMark(file: string, value: Mark): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(value)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
