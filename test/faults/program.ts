import { join } from 'node:path';
import { type Running, startCommand } from '../support/rollcall.js';

export interface ProgramOptions {
  /** The repository. */
  readonly root: string;
  readonly config: string;
  /** Put before the program: "prlimit", "--fsize=4096". */
  readonly wrapper?: readonly string[];
}

/** Starts the built program of that repository, as a user would. */
export function startProgram({ root, config, wrapper = [] }: ProgramOptions, ...args: string[]): Running {
  const line = [...wrapper, process.execPath, join(root, 'dist/cli/main.js'), ...args, '--config', config];
  const [command = '', ...rest] = line;
  return startCommand(command, rest);
}
