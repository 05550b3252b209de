import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RollcallError } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';
import { isManifest, MANIFEST, type Manifest } from './manifest.js';

/**
 * The manifest of an earlier dry run, to compare with.
 * @throws ROLLCALL_ERR_AGAINST where the folder holds none.
 */
export async function readEarlier(dir: string): Promise<Manifest> {
  const refuse = (why: string, cause?: unknown) =>
    new RollcallError('ROLLCALL_ERR_AGAINST', `${resolve(dir)} is no earlier dry run: ${why}.`, { cause });
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(join(dir, MANIFEST), 'utf8'));
  } catch (error) {
    throw refuse(fileReason(error), error);
  }
  if (!isManifest(manifest)) throw refuse(`its ${MANIFEST} is another kind of file`);
  return manifest;
}
