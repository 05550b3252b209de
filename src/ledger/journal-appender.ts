import type { FileHandle } from 'node:fs/promises';
import { setImmediate as endOfTurn } from 'node:timers/promises';

/** Once everything in the file is done with and it has grown to this, it begins anew. */
const TRUNCATE_BYTES = 256 * 1024;

/** Appends lines to a file so that they are on disk before anybody goes on. */
export interface Appender {
  /** Resolves when the line is on disk. */
  append(id: string, line: string): Promise<void>;
  /** The line of that id is not needed any more. */
  forget(id: string): void;
  /** True when no line of the file is needed. */
  isIdle(): boolean;
  /** Resolves when nothing is being written. */
  settled(): Promise<void>;
}

/**
 * Group commit: whoever comes while a write runs, or in the same turn of the event loop, is written together with all others
 * who do, by the next one.
 * @param handle opened to append, with O_DSYNC
 */
export function createAppender(handle: FileHandle): Appender {
  const needed = new Set<string>();
  let waiting: { id: string; line: string }[] = [];
  let size = 0;
  /** A write that failed may have left half a line. */
  let isTorn = false;
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const write = async () => {
    next = undefined;
    const batch = waiting;
    waiting = [];
    if (size >= TRUNCATE_BYTES && needed.size === 0) {
      await handle.truncate(0);
      size = 0;
    }
    for (const { id } of batch) needed.add(id);
    const text = `${isTorn ? '\n' : ''}${batch.map(({ line }) => line).join('')}`;
    isTorn = true;
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
    isTorn = false;
    size += bytes.length;
  };

  return {
    append(id, line) {
      waiting.push({ id, line });
      next ??= Promise.all([last, endOfTurn()]).then(write);
      const mine = next;
      // A write that failed is told to those who waited for it, and does not stop those who come after.
      last = mine.catch(() => {});
      return mine;
    },
    forget: (id) => {
      needed.delete(id);
    },
    isIdle: () => needed.size === 0,
    settled: () => last,
  };
}
