import { readFile } from 'node:fs/promises';
import { withDeadline } from '../lib/deadline.js';

/** Long enough for a network file system, short enough for a pipe that nobody writes to. */
const READ_MS = 10_000;

/** A file as UTF-8 text. Rejects as `readFile` does, or with ROLLCALL_ERR_TIMEOUT (a named pipe without a writer). */
export function readText(file: string): Promise<string> {
  return withDeadline(readFile(file, 'utf8'), READ_MS, `the file ${file}`);
}

/** Why a file could not be read, in words an admin knows; undefined where the error is no file system's. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'it does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'access is denied';
    case 'EISDIR':
      return 'it is a directory';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
