import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import type { Session } from './session.js';

/** What every command takes. */
export interface GlobalFlags {
  readonly config: string;
  readonly json: boolean;
}

type Positionals = Readonly<Record<string, PositionalOptions>>;
type Flags = Readonly<Record<string, Options>>;

/** One command: what it takes, as data, and what it does with it. */
export interface Command<P extends Positionals = Positionals, F extends Flags = Flags, G = never> {
  readonly positionals?: P;
  readonly options?: F;
  /** Does it, prints through the session, and gives the exit code. */
  readonly run: (flags: G, session: Session) => Promise<number>;
  /** The exit code after SIGTERM, where that is the ordinary way to end. */
  readonly exitAfterSigterm?: number;
  /** It watches `session.signal` and ends by itself; any other command is dropped where it stands. */
  readonly stopsItself?: boolean;
}

/** Gives a command its types: `run` gets what `positionals` and `options` declare. */
export function defineCommand<const P extends Positionals, const F extends Flags>(
  command: Command<P, F, GlobalFlags & InferredOptionTypes<P> & InferredOptionTypes<F>>,
): Command {
  // The catalogue holds commands of different flags; yargs hands each the very flags that it declared.
  return command as unknown as Command;
}

/** Most commands are about one campaign. */
export const campaignPositional = {
  type: 'string',
  demandOption: true,
  describe: 'A campaign: its name in paths.jobs, or the path of its file',
} as const satisfies PositionalOptions;
