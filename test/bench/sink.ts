import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor, withDeadline } from '../../src/lib/deadline.js';
import { findProgram, freePort } from '../../src/lib/processes.js';
import { cpuOf } from './machine.js';
import { compiled } from './processes.js';

/** What the sink saw of one contender. */
export interface Taken {
  /** From the first message to the last, of `messages - 1` intervals. */
  readonly perSecond: number;
  /** The same from the first tenth to the last, where several processes start and end one after another. */
  readonly perSecondWithinRun: number;
  /** CPU time a message, in microseconds, between the first and the last: of the sink itself, and of the processes asked for. */
  readonly cpuMicros: Readonly<Record<string, number>>;
}

export interface Sink {
  readonly port: number;
  /** Waits until it has taken so many messages in all, and tells what some processes, by pid, used for that. */
  take(messages: number, processes?: Readonly<Record<string, number>>): Promise<Taken>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 20 * 60_000;

/** An SMTP server that throws everything away, in a process of its own: Postfix's smtp-sink if there, else ours. */
export async function startSink(): Promise<Sink> {
  const port = await freePort();
  const program = await findProgram('smtp-sink');
  // smtp-sink refuses to serve as root
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-sink-'));
  const file = join(dir, 'count');
  const out = openSync(file, 'w');
  const child =
    program === undefined
      ? spawn(process.execPath, [compiled('sink-process'), String(port)], {
          stdio: ['ignore', out, 'inherit'],
        })
      : spawn(program, [...user, '-c', `127.0.0.1:${port}`, '1000'], {
          stdio: ['ignore', out, 'inherit'],
        });
  closeSync(out);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { times, reached, stop } = countMessages(file);
  await waitFor(() => answers(port), { ms: 10_000, what: 'the sink to listen' });

  return {
    port,
    async take(messages, processes = {}) {
      const watched = Object.entries({ ...processes, sink: child.pid ?? 0 });
      const used = () => watched.map(([, pid]) => cpuOf(pid));
      await withDeadline(reached(1), PATIENCE_MS, 'the sink to take the first message');
      const before = used();
      await withDeadline(reached(messages), PATIENCE_MS, `the sink to take ${messages} messages`);
      const after = used();
      const micros = watched.map(([name], at) => {
        const seconds = (after[at] ?? 0) - (before[at] ?? 0);
        return [`${name} CPU µs`, (seconds * 1e6) / messages] as const;
      });
      const rate = (from: number, to: number) =>
        ((to - from) * 1_000) / Math.max(1, (times[to] ?? 0) - (times[from] ?? 0));
      const tenth = Math.ceil(messages / 10);
      return {
        perSecond: rate(1, messages),
        perSecondWithinRun: rate(tenth, messages - tenth + 1),
        cpuMicros: Object.fromEntries(micros),
      };
    },
    stop: async () => {
      stop();
      child.kill('SIGKILL');
      await gone;
      await rm(dir, { recursive: true });
    },
  };
}

/** Small against what is measured, and seldom enough. */
const LOOK_EVERY_MS = 5;

/**
 * Both sinks print `mesg=N` and a carriage return after each message: into a file, which is looked at now and then. Were this
 * process woken by each message, it would take from the contenders a part of the core that they share.
 */
function countMessages(file: string) {
  const handle = openSync(file, 'r');
  const chunk = Buffer.alloc(64 * 1024);
  const times: number[] = [];
  let count = 0;
  let rest = '';
  let waiting: { messages: number; done: () => void } | undefined;
  const look = () => {
    const now = performance.now();
    for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk)) {
      const lines = (rest + chunk.toString('latin1', 0, size)).split('\r');
      rest = lines.pop() ?? '';
      count = Math.max(count, Number(/mesg=(\d+)/.exec(lines.at(-1) ?? '')?.[1] ?? 0));
    }
    for (let number = times.length; number <= count; number += 1) times[number] = now;
    if (waiting !== undefined && count >= waiting.messages) waiting.done();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const reached = (messages: number) =>
    new Promise<void>((resolve) => {
      waiting = { messages, done: resolve };
      if (count >= messages) resolve();
    });
  const stop = () => {
    clearInterval(timer);
    closeSync(handle);
  };
  return { times, reached, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
  });
}
