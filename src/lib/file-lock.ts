import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.js';
import { RollcallError } from './errors.js';
import { identityOf, isAlive } from './process-identity.js';

/*
 * Files that say "this process is here": `<pid>.<began>.<random>`. The name says it all, so that there is no moment at
 * which a file is there and its content is not; and names never come again, so that anybody may remove a dead one's.
 */

/** Leaves a file with the name of this process; gives its path. */
export async function signIn(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { pid, began } = identityOf(process.pid);
  const file = join(dir, `${pid}.${began}.${randomUUID()}`);
  await writeFile(file, '', { flag: 'wx', mode: 0o600 });
  return file;
}

/** The files of processes that live; those of dead ones are removed on the way. */
export async function whoIsIn(dir: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(dir).catch(() => [])) {
    const [pid, began = ''] = name.split('.');
    const file = join(dir, name);
    if (isAlive({ pid: Number(pid), began })) living.push(file);
    else await rm(file, { force: true });
  }
  return living;
}

const BACK_OFF_MS = 10;
const BACK_OFF_SPREAD_MS = 40;

/**
 * Runs `work` while no other process (or part of this one) does: sign in, look who else is in, and step back if anybody is.
 * Since each signs in before it looks, no two can both find themselves alone; the dead do not count.
 * @throws ROLLCALL_ERR_TIMEOUT after `waitMs`.
 */
export async function withFileLock<T>(
  { dir, clock, waitMs, what }: { dir: string; clock: Clock; waitMs: number; what: string },
  work: () => Promise<T>,
): Promise<T> {
  const end = clock.now() + waitMs;
  for (;;) {
    if ((await whoIsIn(dir)).length === 0) {
      const own = await signIn(dir);
      try {
        if ((await whoIsIn(dir)).every((file) => file === own)) return await work();
      } finally {
        await rm(own, { force: true });
      }
    }
    if (clock.now() > end)
      throw new RollcallError('ROLLCALL_ERR_TIMEOUT', `Waited ${waitMs / 1000} s for ${what}.`);
    await clock.sleep(BACK_OFF_MS + Math.random() * BACK_OFF_SPREAD_MS);
  }
}
