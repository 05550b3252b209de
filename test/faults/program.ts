import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** One process of the built program. */
export interface Program {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | NodeJS.Signals; readonly stdout: string }>;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** What it printed to stderr so far. */
  log(): string;
}

export interface ProgramOptions {
  /** The repository. */
  readonly root: string;
  readonly config: string;
  /** Put before the program: "prlimit", "--fsize=4096". */
  readonly wrapper?: readonly string[];
}

/** Starts the built program, as a user would. */
export function startProgram({ root, config, wrapper = [] }: ProgramOptions, ...args: string[]): Program {
  const line = [...wrapper, process.execPath, join(root, 'dist/cli/main.js'), ...args, '--config', config];
  const [command = '', ...rest] = line;
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
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
  const ended = new Promise<{ code: number | NodeJS.Signals; stdout: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'SIGKILL', stdout }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => child.kill(signal),
    log: () => stderr,
  };
}
