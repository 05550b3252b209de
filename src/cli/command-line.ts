import { asRollcallError, printFailure } from './failure.js';
import { createOutput } from './output.js';
import { type Chosen, parse } from './parse.js';
import { createClosers } from './session.js';
import { exitCodeAfter, listenForSignals } from './signals.js';

/** Reads a command line, does what it says, and gives the exit code. Prints every error itself, once. */
export async function runCommandLine(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const out = createOutput({ json: argv.includes('--json'), env });
  const signals = listenForSignals();
  const closers = createClosers();

  /** Anything but a command that ends by itself is dropped where it stands when a signal comes. */
  const perform = async ({ command, flags }: Chosen): Promise<number> => {
    const session = { out, signal: signals.signal, env, defer: closers.add };
    const work = command.run(flags as never, session); // the flags are those that the command declared
    if (command.stopsItself) return work;
    const interrupted = new Promise<number>((resolve) => {
      signals.signal.addEventListener('abort', () => resolve(0), { once: true });
    });
    return Promise.race([work, interrupted]);
  };

  const afterSignal = (chosen: Chosen | undefined): number | undefined => {
    const name = signals.received();
    if (name === undefined) return undefined;
    return name === 'SIGTERM'
      ? (chosen?.command.exitAfterSigterm ?? exitCodeAfter(name))
      : exitCodeAfter(name);
  };

  let chosen: Chosen | undefined;
  let exit = 0;
  try {
    try {
      chosen = await parse(argv);
      if (chosen !== undefined) exit = await perform(chosen);
    } finally {
      await closers.closeAll();
    }
    await out.flushed();
  } catch (thrown) {
    const error = asRollcallError(thrown);
    exit = error.exitCode;
    // What fails because it was told to stop has not failed.
    if (afterSignal(chosen) === undefined || error.code !== 'ROLLCALL_ERR_INTERNAL')
      printFailure(error, out, env);
  }
  return afterSignal(chosen) ?? exit;
}
