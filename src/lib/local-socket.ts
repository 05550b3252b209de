import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { RollcallError } from './errors.js';

/** unix(7): sun_path has 108 bytes, the last one NUL. */
const LONGEST_PATH = 107;

/**
 * Where the socket of the Redis in `dir` is: in `dir`, or where that path would be too long, in a directory of our own in
 * $XDG_RUNTIME_DIR or the system's temporary directory, always the same for the same `dir`.
 * @throws ROLLCALL_ERR_DAEMON when that directory is somebody else's: whoever owns it could answer in Redis's place.
 */
export async function localSocketPath(dir: string): Promise<string> {
  const near = join(dir, 'redis.sock');
  if (Buffer.byteLength(near) <= LONGEST_PATH) return near;

  const { uid } = userInfo();
  const name = `rollcall-${uid}-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`;
  const runtime = join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), name);
  await mkdir(runtime, { recursive: true, mode: 0o700 });
  const found = await lstat(runtime);
  if (!found.isDirectory() || (uid !== -1 && found.uid !== uid) || (found.mode & 0o077) !== 0)
    throw new RollcallError('ROLLCALL_ERR_DAEMON', `${runtime} is not a directory that is ours alone.`, {
      hint: `Remove it, or choose a shorter paths.data: the socket's path may have ${LONGEST_PATH} bytes.`,
    });
  return join(runtime, 'redis.sock');
}
