import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RollcallError } from './errors.js';
import { fileReason } from './file-reason.js';

/** The root key of an installation: 32 random bytes, the same on all machines. */
export interface RootKey {
  readonly id: string;
  readonly bytes: Buffer;
}

export const ROOT_KEY_BYTES = 32;
export const KEY_ID_BYTES = 8;

/** The id is a MAC of a constant: it names the key and tells nothing else. */
export function rootKey(bytes: Buffer): RootKey {
  const id = createHmac('sha256', bytes).update('rollcall key id').digest().subarray(0, KEY_ID_BYTES);
  return { id: id.toString('hex'), bytes };
}

/** The keys in use, each by HKDF-SHA256 (RFC 5869) with a label of its own, so that none tells of another. */
export interface DerivedKeys {
  readonly seal: Buffer;
  readonly hash: Buffer;
  readonly verp: Buffer;
}

export function deriveKeys({ bytes }: RootKey): DerivedKeys {
  const derive = (label: string) => Buffer.from(hkdfSync('sha256', bytes, '', `rollcall ${label} v1`, 32));
  return { seal: derive('seal'), hash: derive('hash'), verp: derive('verp') };
}

/**
 * Reads a root key: 64 hex digits.
 * @throws ROLLCALL_ERR_KEY_MISSING, ROLLCALL_ERR_KEY_INVALID (something else in it, or readable by everybody).
 */
export async function readRootKey(file: string): Promise<RootKey> {
  const [text, { mode }] = await Promise.all([readFile(file, 'utf8'), stat(file)]).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    // A key that is there and cannot be read is not missing: none is made in its place.
    throw new RollcallError(
      isMissing ? 'ROLLCALL_ERR_KEY_MISSING' : 'ROLLCALL_ERR_KEY_INVALID',
      `The key ${file} cannot be read: ${fileReason(error)}.`,
      { cause: error, ...(!isMissing && { hint: 'Run as the user that owns it.' }) },
    );
  });
  if ((mode & 0o007) !== 0)
    throw new RollcallError(
      'ROLLCALL_ERR_KEY_INVALID',
      `The key ${file} can be read or written by everybody.`,
      {
        hint: `Run "chmod 600 ${file}". If others may have read it, make a new key and name this one in keys.previous.`,
      },
    );
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new RollcallError(
      'ROLLCALL_ERR_KEY_INVALID',
      `${file} does not hold a key: 64 hex digits are expected.`,
    );
  return rootKey(Buffer.from(hex, 'hex'));
}

/**
 * Makes a root key, in a file of mode 0600 in a directory made 0700 where it is not there yet.
 * @throws ROLLCALL_ERR_KEY_EXISTS when there is a file already: a key is never overwritten.
 */
export async function writeRootKey(file: string): Promise<RootKey> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const bytes = randomBytes(ROOT_KEY_BYTES);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${bytes.toString('hex')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new RollcallError('ROLLCALL_ERR_KEY_EXISTS', `There is a key in ${file} already.`, {
        cause: error,
      });
    throw new RollcallError(
      'ROLLCALL_ERR_KEY_INVALID',
      `No key could be written to ${file}: ${fileReason(error)}.`,
      {
        cause: error,
        hint: 'This user must be able to write to that folder, or keys.file must name another.',
      },
    );
  }
  return rootKey(bytes);
}
