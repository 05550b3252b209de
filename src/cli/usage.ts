import { closest, didYouMean } from '../lib/closest.js';
import { RollcallError } from '../lib/errors.js';

/** What a command line was understood to be, as far as it was. */
export interface Understood {
  /** The words of the command. */
  readonly words: readonly string[];
  /** The command with its positionals, as `--help` shows it. */
  readonly usage: string;
  readonly options: readonly string[];
  /** The words that may follow. */
  readonly commands: readonly string[];
}

/**
 * A wrong command line, from what yargs says of it.
 * yargs knows no error codes: its messages (in English, which parse.ts fixes) are all there is to go by.
 */
export function usageError(message: string, known: Understood, argv: readonly string[] = []): RollcallError {
  const hint = `Run "rollcall ${[...known.words, '--help'].join(' ')}" to see what it takes.`;
  return new RollcallError('ROLLCALL_ERR_USAGE', inOurWords(message.trim(), known, argv), { hint });
}

function inOurWords(message: string, known: Understood, argv: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/s.exec(message)?.[1];
  if (unknown !== undefined)
    return unknown
      .split(', ')
      .map((word) => tellUnknown(word, known, argv))
      .join('; ');
  if (/^Not enough non-option arguments/.test(message))
    return `Something is missing: it is "rollcall ${known.usage}".`;
  const missing = /^Missing required arguments?: (.+)$/s.exec(message)?.[1]?.split(', ');
  if (missing !== undefined)
    return `${missing.map((name) => `--${name}`).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing.`;
  const bare = /^Not enough arguments following: (.+)$/s.exec(message)?.[1];
  if (bare !== undefined) return `--${bare} wants a value.`;
  const choice = /Argument: (\S+), Given: (.+), Choices: (.+)$/s.exec(message);
  if (choice !== null) return `--${choice[1]} ${choice[2]} is not known. There are: ${choice[3]}.`;
  return message.replaceAll(/\s*\n\s*/g, ' ');
}

function tellUnknown(word: string, known: Understood, argv: readonly string[]): string {
  // yargs names options without their hyphens
  const typed = argv.find((arg) => /^--?[^-]/.test(arg) && arg.replace(/^-+|=.*$/gs, '') === word);
  const option = known.options.includes(word) ? undefined : closest(word, known.options);
  const guess = option !== undefined ? `--${option}` : closest(word, known.commands);
  const shown = typed?.replace(/=.*$/s, '') ?? word;
  return `"${shown}" is not known here${guess === undefined ? '' : `: did you mean "${guess}"?`}`;
}

/** A flag that is to be there once, given several times. */
export function givenTwice(name: string, known: Understood): RollcallError {
  return usageError(`--${name} may be given only once.`, known);
}

/** A whole number given to a flag. @throws ROLLCALL_ERR_USAGE */
export function wholeNumber(text: string | undefined, flag: string, min = 1): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value;
  throw new RollcallError('ROLLCALL_ERR_USAGE', `${flag} wants a whole number from ${min}, not "${text}".`);
}

/** What a name given to a flag stands for. @throws ROLLCALL_ERR_USAGE with a "did you mean" */
export function oneOf<T>(name: string, of: Readonly<Record<string, T>>, flag: string): T {
  const found = Object.entries(of).find(([known]) => known === name);
  if (found !== undefined) return found[1];
  const names = Object.keys(of);
  throw new RollcallError('ROLLCALL_ERR_USAGE', `${flag} "${name}" is not known.`, {
    hint: didYouMean(name, names) ?? `There are: ${names.join(', ')}.`,
  });
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration given to a flag, in milliseconds. @throws ROLLCALL_ERR_USAGE */
export function durationFlag(text: string, flag: string): number {
  const [, count, unit = ''] = /^(\d+)(s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(ms)) return ms;
  throw new RollcallError(
    'ROLLCALL_ERR_USAGE',
    `${flag} wants a duration such as 30s, 5m or 1h, not "${text}".`,
  );
}
