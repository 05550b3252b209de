import { randomFrom } from './random.js';

/** What is hard on parsers, or looks like a piece of another language. */
const JUNK = [
  '\0',
  '\u202e',
  '\ufeff',
  '\r',
  '\n\n',
  '\t',
  '{{',
  '}}',
  '{% if %}',
  '{{ __proto__ }}',
  '<',
  '&amp;',
  '"',
  "'",
  '\\',
  ': ',
  '- ',
  '&a *a',
  '${HOME}',
  '::',
  'A'.repeat(3_000),
  '王\ud800',
  '%s%n',
  '../../etc/passwd',
];

/** The text with one to three pieces cut out, doubled, moved or put in: the same for the same seed. */
export function mutate(text: string, seed: number): string {
  const random = randomFrom(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  let changed = text;
  for (let left = 1 + upTo(3); left > 0; left -= 1) {
    const at = upTo(changed.length + 1);
    const size = upTo(40);
    const piece = changed.slice(at, at + size);
    const rest = changed.slice(at + size);
    const before = changed.slice(0, at);
    const ways = [
      () => before + rest,
      () => before + piece + piece + rest,
      () => before + (JUNK[upTo(JUNK.length)] ?? '') + piece + rest,
      () => before,
      () => rest + before + piece,
    ];
    changed = (ways[upTo(ways.length)] ?? (() => changed))();
  }
  return changed;
}
