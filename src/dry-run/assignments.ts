import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Where one assignment lies in the file. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * The assignments of everybody, on disk until all are known: conflicts and a stable order need everybody, memory does
 * not. In the dry run's own folder in the making, where passwords are masked, or stand in the mails anyway.
 */
export interface AssignmentFile {
  append(payload: string): Promise<Place>;
  read(place: Place): Promise<string>;
  close(): Promise<void>;
}

export const ASSIGNMENTS = 'assignments';

/** Written through in pieces of this size. */
const BUFFERED = 256 * 1024;

export async function openAssignments(dir: string): Promise<AssignmentFile> {
  const file: FileHandle = await open(join(dir, ASSIGNMENTS), 'wx+', 0o600);
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let written = 0;

  const flush = async () => {
    const bytes = Buffer.concat(pending);
    [pending, pendingBytes] = [[], 0];
    if (bytes.length === 0) return;
    await file.write(bytes, 0, bytes.length, written);
    written += bytes.length;
  };

  return {
    async append(payload) {
      const bytes = Buffer.from(payload, 'utf8');
      const place = { offset: written + pendingBytes, length: bytes.length };
      pending.push(bytes);
      pendingBytes += bytes.length;
      if (pendingBytes >= BUFFERED) await flush();
      return place;
    },
    async read({ offset, length }) {
      await flush();
      const bytes = Buffer.allocUnsafe(length);
      await file.read(bytes, 0, length, offset);
      return bytes.toString('utf8');
    },
    close: () => file.close(),
  };
}
