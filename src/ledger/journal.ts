import { randomUUID } from 'node:crypto';
import { constants, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import { identityOf, isAlive } from '../lib/process-identity.js';
import { createAppender } from './journal-appender.js';
import type { DeliveryLedger, ReplyRecord } from './types.js';

/**
 * Accepted replies on this machine's disk, for the time between the server's 250 and the ledger's record of it. Should
 * Redis or the process be gone just then, the next start replays them, and what would be uncertain is known to be sent.
 */
export interface Journal {
  /** Resolves once the reply is on disk. Several at a time share one sync. */
  accepted(delivery: string, token: string, reply: ReplyRecord): Promise<void>;
  /** The ledger has it: it need not be replayed. */
  done(delivery: string): void;
  /** Gives what this and dead processes left to the ledger. How many replies it took. */
  replay(ledger: Pick<DeliveryLedger, 'record'>): Promise<number>;
  close(): Promise<void>;
}

/** Each write is on disk when it returns (O_DSYNC): one call where an append and a sync would be two. */
const SYNCED_APPEND =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC;

const reply = z.object({ code: z.number(), enhanced: z.string().optional(), text: z.string() });
const line = z.object({ delivery: z.string(), token: z.string(), reply });

/**
 * Opens a journal in `dir`, in a file of this process's own: `<pid>.<began>.<random>.ndjson`. Nothing secret is in it.
 * @throws ROLLCALL_ERR_JOURNAL when the directory cannot be written.
 */
export async function createJournal({ dir, clock }: { dir: string; clock: Clock }): Promise<Journal> {
  const { pid, began } = identityOf(process.pid);
  const file = join(dir, `${pid}.${began}.${randomUUID()}.ndjson`);
  const handle = await mkdir(dir, { recursive: true, mode: 0o700 })
    .then(() => open(file, SYNCED_APPEND, 0o600))
    .catch((error: unknown) => {
      throw new RollcallError('ROLLCALL_ERR_JOURNAL', `No journal can be written in ${dir}.`, {
        cause: error,
      });
    });
  const appender = createAppender(handle);

  return {
    accepted: (delivery, token, answer) =>
      appender.append(delivery, `${JSON.stringify({ delivery, token, reply: answer, at: clock.now() })}\n`),
    done: (delivery) => appender.forget(delivery),
    async replay(ledger) {
      let replayed = 0;
      for (const name of await readdir(dir)) {
        const [owner, started = ''] = name.split('.');
        const path = join(dir, name);
        if (path === file || isAlive({ pid: Number(owner), began: started })) continue;
        replayed += await replayFile(path, ledger);
        await rm(path, { force: true });
      }
      return replayed;
    },
    async close() {
      await appender.settled();
      await handle.close();
      // What the ledger never took stays for the next start.
      if (appender.isIdle()) await rm(file, { force: true });
    },
  };
}

async function replayFile(path: string, ledger: Pick<DeliveryLedger, 'record'>): Promise<number> {
  let taken = 0;
  for (const text of (await readIfThere(path)).split('\n')) {
    const parsed = parse(text);
    if (!parsed) continue; // the last line of a process that was killed while writing it
    const { code, enhanced, text: words } = parsed.reply;
    const result = await ledger.record(parsed.delivery, parsed.token, {
      status: 'sent',
      reply: { code, enhanced, text: words },
    });
    if (result !== 'refused') taken += 1;
  }
  return taken;
}

/** Processes that start together find the same files: whoever comes second finds one gone, and all of it taken. */
async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parse(text: string): z.infer<typeof line> | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
