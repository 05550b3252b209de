import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RollcallError } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';
import { isManifest, MANIFEST } from './manifest.js';

/** A folder in the making: written beside the one it is to become, so that nobody ever sees half of a dry run. */
export interface Folder {
  /** Where it is being written. */
  readonly dir: string;
  /** Writes a file of it, readable by its owner alone. */
  write(path: string, content: string | Buffer): Promise<void>;
  /** It becomes the folder asked for. */
  finish(): Promise<void>;
  /** It goes away; safe after {@link Folder.finish}. */
  discard(): Promise<void>;
}

const OWNER_ONLY_DIR = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** @throws ROLLCALL_ERR_OUT where the folder holds something else than an earlier dry run, or cannot be written. */
export async function openFolder(out: string): Promise<Folder> {
  const target = resolve(out);
  await refuseForeign(out);
  const dir = await beside(target);
  await mkdir(join(dir, 'messages'), { mode: OWNER_ONLY_DIR });

  return {
    dir,
    write: (path, content) => writeFile(join(dir, path), content, { flag: 'wx', mode: OWNER_ONLY_FILE }),
    async finish() {
      const old = `${dir}.old`;
      const existed = await rename(target, old).then(
        () => true,
        () => false,
      );
      try {
        await rename(dir, target);
      } catch (error) {
        if (existed) await rename(old, target);
        throw error;
      }
      if (existed) await rm(old, { recursive: true, force: true });
    },
    discard: () => rm(dir, { recursive: true, force: true }),
  };
}

async function beside(target: string): Promise<string> {
  try {
    await mkdir(dirname(target), { recursive: true });
    return await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  } catch (error) {
    throw new RollcallError('ROLLCALL_ERR_OUT', `${target} cannot be written: ${fileReason(error)}.`, {
      cause: error,
    });
  }
}

/**
 * Refuses a folder that holds something else than an earlier dry run.
 * @throws ROLLCALL_ERR_OUT
 */
export async function refuseForeign(out: string): Promise<void> {
  const target = resolve(out);
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return;
  const isOurs = found.isDirectory() && ((await readdir(target)).length === 0 || (await isDryRun(target)));
  if (isOurs) return;
  throw new RollcallError(
    'ROLLCALL_ERR_OUT',
    `${target} is there and is no earlier dry run, so it is not written over.`,
  );
}

async function isDryRun(dir: string): Promise<boolean> {
  try {
    return isManifest(JSON.parse(await readFile(join(dir, MANIFEST), 'utf8')));
  } catch {
    return false;
  }
}
