import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { catalogue, type Entry } from './catalogue.js';
import type { Command, GlobalFlags } from './command.js';

const globalOptions = {
  config: {
    type: 'string',
    default: 'config/rollcall.yaml',
    requiresArg: true,
    describe: 'The settings file',
  },
  json: { type: 'boolean', default: false, describe: 'Print one JSON document on stdout' },
} as const;

export interface Chosen {
  readonly command: Command;
  readonly flags: GlobalFlags;
}

/**
 * What a command line asks for; undefined where yargs has answered already (--help, --version).
 * @throws ROLLCALL_ERR_USAGE for a command line that is not understood.
 */
export async function parse(argv: readonly string[]): Promise<Chosen | undefined> {
  let chosen: Chosen | undefined;
  /** What yargs has against the command line. */
  let refused: string | undefined;
  /** What kept a command from being loaded: no fault of the command line. */
  let broken: unknown;
  /** The words of the command as far as they were understood, and what may follow them. */
  const understood = {
    words: [] as string[],
    usage: '<command>',
    commands: catalogue.map(nameOf),
    options: Object.keys(globalOptions),
  };

  const load = async (entry: Entry): Promise<Command> => {
    try {
      return (await entry.load()).command;
    } catch (error) {
      broken = error;
      throw error;
    }
  };

  const declare = (parser: Argv, entry: Entry, path: readonly string[]) => {
    const words = [...path, nameOf(entry)];
    let command: Command | undefined;
    parser.command(
      entry.usage,
      entry.describe,
      async (own: Argv) => {
        command = await load(entry);
        understood.words = words;
        understood.usage = [...path, entry.usage].join(' ');
        understood.commands = [];
        understood.options = [...Object.keys(globalOptions), ...Object.keys(command.options ?? {})];
        own.usage(`rollcall ${understood.usage}\n\n${entry.describe}`);
        // with nargs yargs takes any word for it, a bare "-" too, which it would else read as an empty text
        for (const [name, options] of Object.entries(command.positionals ?? {}))
          own.positional(name, options).nargs(name, 1);
        return own.options(command.options ?? {});
      },
      (flags) => {
        // yargs calls this with the flags that the builder above declared, the global ones among them.
        if (command !== undefined) chosen = { command, flags: flags as unknown as GlobalFlags };
      },
    );
  };

  const parser: Argv = yargs([...argv])
    .scriptName('rollcall')
    .usage('Usage: rollcall <command> [options]')
    // Its messages are read by usage.ts, and Rollcall speaks one language.
    .detectLocale(false)
    .version(version())
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .options(globalOptions)
    .strict()
    .demandCommand(1, 'Say what to do: a command is missing.')
    .parserConfiguration({ 'boolean-negation': false, 'camel-case-expansion': false, 'dot-notation': false })
    .exitProcess(false)
    .fail((message, error) => {
      refused ??= message || error.message;
      throw error ?? new Error(refused);
    })
    .epilogue('Every command has a --help of its own.');

  for (const item of catalogue) {
    if ('load' in item) {
      declare(parser, item, []);
      continue;
    }
    parser.command(item.usage, item.describe, (group: Argv) => {
      understood.words = [item.usage];
      understood.commands = item.entries.map(nameOf);
      for (const entry of item.entries) declare(group, entry, [item.usage]);
      return group
        .usage(`rollcall ${item.usage} <command>\n\n${item.describe}`)
        .demandCommand(1, `Say what to do: "rollcall ${item.usage}" wants a command.`);
    });
  }

  try {
    await parser.parseAsync();
  } catch (thrown) {
    // What yargs finds wrong after an asynchronous builder it throws without asking fail().
    if (thrown instanceof Error && thrown.name === 'YError') refused ??= thrown.message;
    if (broken !== undefined || refused === undefined) throw broken ?? thrown;
    const { usageError } = await import('./usage.js');
    throw usageError(refused, understood, argv);
  }
  if (chosen === undefined) return undefined;
  const { command, flags } = chosen;
  const repeated = Object.entries({ ...globalOptions, ...command.options }).find(
    ([name, option]) =>
      !('array' in option && option.array) && Array.isArray(flags[name as keyof GlobalFlags]),
  );
  if (repeated === undefined) return chosen;
  const { givenTwice } = await import('./usage.js');
  throw givenTwice(repeated[0], understood);
}

function nameOf({ usage }: { usage: string }): string {
  return usage.split(' ', 1)[0] ?? usage;
}

function version(): string {
  // The same way up from src/cli and from dist/cli.
  const file: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof file === 'object' && file !== null && 'version' in file ? String(file.version) : 'unknown';
}
