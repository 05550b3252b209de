import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { withDeadline } from '../../src/lib/deadline.js';

export interface Ended {
  readonly stdout: string;
  /** Start to end, in seconds. */
  readonly seconds: number;
  /** When it ended, in milliseconds since the epoch. */
  readonly endedAt: number;
  /** The most memory it ever had, and the CPU time of all its threads. */
  readonly rssMb: number;
  readonly cpuSeconds: number;
}

export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stop(): void;
}

/** Nothing here takes that long; a contender that hangs must not hang the bench. */
const LIMIT_MS = 30 * 60_000;
const running = new Set<ChildProcess>();

/** Ends what is still running: for the end of a bench that failed. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The JavaScript of a source file of the bench. */
export const compiled = (name: string): string => join(import.meta.dirname, `${name}.js`);

/** Starts a Node process, told by `args`, with its own usage at its end. */
export function startNode(
  args: readonly string[],
  { profile }: { profile?: string | undefined } = {},
): Started {
  const started = performance.now();
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...profiling, '--import', compiled('usage-preload'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
  });
  running.add(child);
  const [, out, err, report] = child.stdio as unknown as readonly [null, Readable, Readable, Readable]; // as asked for above
  const stdout = collect(out);
  const stderr = collect(err);
  const usage = collect(report);
  const closed = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code !== 0)
        reject(new Error(`${args.join(' ')} ended with ${code ?? signal}: ${stdout()}${stderr()}`));
      else
        resolve({
          stdout: stdout(),
          seconds: (performance.now() - started) / 1_000,
          endedAt: Date.now(),
          ...(JSON.parse(usage()) as { rssMb: number; cpuSeconds: number }), // what the preload wrote
        });
    });
  });
  const ended = withDeadline(closed, LIMIT_MS, args.join(' '));
  ended.catch(() => {}); // heard where it is awaited
  return { pid: child.pid ?? 0, ended, stop: () => child.kill('SIGTERM') };
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
