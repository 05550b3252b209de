import { readFile } from 'node:fs/promises';
import { withDeadline } from '../lib/deadline.js';

/** Long enough for a network file system, short enough for a pipe that nobody writes to. */
const READ_MS = 10_000;

/** A file as UTF-8 text. Rejects as `readFile` does, or with ROLLCALL_ERR_TIMEOUT (a named pipe without a writer). */
export function readText(file: string): Promise<string> {
  return withDeadline(readFile(file, 'utf8'), READ_MS, `the file ${file}`);
}
