import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '../lib/deadline.js';
import type { FoundMessage } from '../mail/maildir.js';

/** What an MTA takes for "try again later" (EX_TEMPFAIL in sysexits.h): anything else would lose the message. */
export const EX_TEMPFAIL = 75;

const PATIENCE_MS = 5 * 60_000;
/** More than any report of ours; what comes after it is read, and dropped. */
const MAX_BYTES = 2 * 1024 * 1024 + 1;
/** Whoever can write to the address can fill this folder; what is beyond is only counted. */
const MAX_ASIDE = 1_000;

/** The one message that comes by a pipe. There is no mailbox to leave it in: what is no bounce goes into `asideDir`. */
export async function* readPipe(
  input: AsyncIterable<Buffer | string>,
  { asideDir, now }: { asideDir: string; now: number },
): AsyncGenerator<FoundMessage> {
  const raw = await withDeadline(readAll(input), PATIENCE_MS, 'the message on stdin');
  yield {
    name: 'stdin',
    raw,
    processed: async () => {},
    aside: async () => {
      await mkdir(asideDir, { recursive: true, mode: 0o700 });
      if ((await readdir(asideDir)).length >= MAX_ASIDE) return;
      const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
      const name = `${stamp}-${randomBytes(4).toString('hex')}.eml`;
      await writeFile(join(asideDir, name), raw, { mode: 0o600, flag: 'wx' });
    },
  };
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const part of input) {
    if (size >= MAX_BYTES) continue;
    const chunk = Buffer.from(part).subarray(0, MAX_BYTES - size);
    chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks);
}
