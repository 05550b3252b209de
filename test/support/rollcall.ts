import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Finished {
  /** The exit code, or the name of the signal that ended it. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** What it has printed to stderr so far. */
  log(): string;
}

/** Starts the built program as a user would. */
export function startRollcall(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return startCommand(process.execPath, [MAIN, ...args], env);
}

/** Starts a command with nothing of the tests' own environment, and keeps what it prints. */
export function startCommand(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'SIGKILL', stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    finished,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => child.kill(signal),
    log: () => stderr,
  };
}

/** Runs the built program to its end. */
export function rollcall(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> {
  return startRollcall(args, env).finished;
}
