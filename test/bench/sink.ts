import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
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
  const child =
    program === undefined
      ? spawn(process.execPath, [compiled('sink-process'), String(port)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
      : spawn(program, [...user, '-c', `127.0.0.1:${port}`, '1000'], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { times, reached } = countMessages(child);
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
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Both sinks print `mesg=N` and a carriage return after each message. */
function countMessages(child: ChildProcess) {
  const times: number[] = [];
  let count = 0;
  let rest = '';
  let waiting: { messages: number; done: () => void } | undefined;
  child.stdout?.setEncoding('latin1').on('data', (chunk: string) => {
    const now = performance.now();
    const lines = (rest + chunk).split('\r');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const told = Number(/mesg=(\d+)/.exec(line)?.[1] ?? 0);
      while (count < told) times[++count] = now;
    }
    if (waiting !== undefined && count >= waiting.messages) waiting.done();
  });
  const reached = (messages: number) =>
    new Promise<void>((resolve) => {
      waiting = { messages, done: resolve };
      if (count >= messages) resolve();
    });
  return { times, reached };
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
