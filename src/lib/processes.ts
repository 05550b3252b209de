import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { waitFor } from './deadline.js';
import { messageOf, RollcallError } from './errors.js';

/** The directories Debian keeps daemons in, which a user's PATH often lacks. */
const DAEMON_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/lib/postfix/sbin'];

/** The full path of a program on PATH or among the daemons' directories, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), ...DAEMON_DIRECTORIES];
  for (const directory of directories) {
    const candidate = join(directory, name);
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not here: the next directory
    }
  }
  return undefined;
}

/** A TCP port on loopback that was free a moment ago. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** True once the daemon answers. Rejections count as "not yet". */
  readonly ready: () => Promise<boolean>;
  /** How long it may take to answer. */
  readonly readyMs?: number;
  /** How long it may take to end after SIGTERM before SIGKILL. */
  readonly stopMs?: number;
}

export interface Daemon {
  readonly pid: number;
  /** Ends it and waits until it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a daemon in the foreground as our child, and waits until it answers.
 * @throws ROLLCALL_ERR_DAEMON with the last lines it printed when it ends or does not answer in time.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { command, args, readyMs = 10_000, stopMs = 5_000 } = options;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
  });
  const tail = keepTail(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let spawnError: unknown;
  child.once('error', (error) => {
    spawnError = error;
  });

  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(hard);
  };

  try {
    await waitFor(
      async () => {
        if (spawnError !== undefined) throw spawnError;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended at once (${child.exitCode ?? child.signalCode})`);
        return options.ready().catch(() => false);
      },
      { ms: readyMs, what: `${command} to answer` },
    );
  } catch (error) {
    await stop();
    throw new RollcallError(
      'ROLLCALL_ERR_DAEMON',
      `${command} could not be started: ${messageOf(error)}. ${tail()}`.trim(),
      { cause: error },
    );
  }
  return { pid: child.pid ?? 0, stop };
}

function keepTail(child: ChildProcess): () => string {
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
    lines.splice(0, Math.max(0, lines.length - 8));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => (lines.length === 0 ? '' : `It printed: ${lines.join(' | ')}`);
}
