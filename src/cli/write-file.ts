import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RollcallError } from '../lib/errors.js';

/**
 * Writes a file that its owner alone may read. It is written beside and renamed, so that a file of that name is a whole
 * one, and one that was there stays until then.
 * @throws ROLLCALL_ERR_IO where something other than a file is there.
 */
export async function writeFileWhole(
  file: string,
  chunks: AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there !== undefined && !there.isFile())
    throw new RollcallError('ROLLCALL_ERR_IO', `${file} is there already, and is no file.`, {
      hint: 'Give the path of a file.',
    });
  // A name of its own: one left over by somebody else would keep its mode.
  const partial = join(dirname(file), `.${basename(file)}.${randomUUID()}.part`);
  try {
    await pipeline(
      Readable.from(chunks),
      createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }),
      signal === undefined ? {} : { signal },
    );
    await rename(partial, file);
  } catch (error) {
    // Whoever asked for the file knows it by its own name.
    if (error instanceof Error && 'path' in error && error.path === partial) error.path = file;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}
