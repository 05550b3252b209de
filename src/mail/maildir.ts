import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RollcallError } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';

/** A message that was found, and where it goes once it has been dealt with. */
export interface FoundMessage {
  /** Its file's or IMAP's name for it, for messages to people. */
  readonly name: string;
  readonly raw: Buffer;
  /** It was a report about mail of ours: not to be read again. */
  processed(): Promise<void>;
  /** It was something else: kept for a human. */
  aside(): Promise<void>;
}

const PROCESSED = 'rollcall-processed';
const ASIDE = 'rollcall-aside';

/**
 * The messages of a Maildir (its `new` and `cur`) or of a folder of `.eml` files, in the order of their names, one at
 * a time. A Maildir is a mailbox: what was dealt with is moved to `rollcall-processed` and `rollcall-aside` below it. A
 * folder of `.eml` files is somebody's collection: it stays as it is, and reading it again changes nothing.
 * @throws ROLLCALL_ERR_MAILBOX
 */
export async function* readMailFolder(dir: string): AsyncGenerator<FoundMessage> {
  try {
    const isMaildir = await isDirectory(join(dir, 'new'));
    const folders = isMaildir ? [join(dir, 'new'), join(dir, 'cur')] : [dir];
    for (const folder of folders) {
      const names = (await readdir(folder, { withFileTypes: true }))
        .filter(
          (entry) => entry.isFile() && (isMaildir ? !entry.name.startsWith('.') : /\.eml$/i.test(entry.name)),
        )
        .map(({ name }) => name)
        .sort();
      for (const name of names) {
        const file = join(folder, name);
        const raw = await readFile(file);
        const moveTo = (target: string) => async () => {
          if (!isMaildir) return;
          await mkdir(join(dir, target), { recursive: true, mode: 0o700 });
          await rename(file, join(dir, target, name));
        };
        yield { name: file, raw, processed: moveTo(PROCESSED), aside: moveTo(ASIDE) };
      }
    }
  } catch (error) {
    if (error instanceof RollcallError) throw error;
    throw new RollcallError('ROLLCALL_ERR_MAILBOX', `${dir} cannot be read: ${fileReason(error)}.`, {
      cause: error,
    });
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
