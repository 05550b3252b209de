import { closest, didYouMean } from '../lib/closest.js';
import { RollcallError } from '../lib/errors.js';

/**
 * A wrong command line, from what yargs says of it.
 * yargs knows no error codes: its messages (in English, which main.ts fixes) are all there is to go by.
 */
export function usageError(
  message: string,
  known: {
    readonly words: readonly string[];
    readonly options: readonly string[];
    readonly commands: readonly string[];
  },
): RollcallError {
  const hint = `Run "rollcall ${[...known.words, '--help'].join(' ')}" to see what it takes.`;
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/s.exec(message.trim())?.[1];
  if (unknown === undefined)
    return new RollcallError('ROLLCALL_ERR_USAGE', message.trim().replaceAll(/\s*\n\s*/g, ' '), { hint });
  const words = unknown.split(', ');
  const told = words.map((word) => {
    const option = known.options.includes(word) ? undefined : closest(word, known.options);
    const command = closest(word, known.commands);
    const guess = option !== undefined ? `--${option}` : command;
    return `"${word}" is not known here${guess === undefined ? '' : `: did you mean "${guess}"?`}`;
  });
  return new RollcallError('ROLLCALL_ERR_USAGE', told.join('; '), { hint });
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
