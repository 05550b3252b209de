import type { Logger } from '../lib/log.js';
import { printable } from '../lib/printable.js';
import type { Output } from './output.js';

/** What is amiss, in a line for people: the words, then the facts. */
export function terminalLogger({ note, paint }: Pick<Output, 'note' | 'paint'>): Logger {
  const say = (colour: 'yellow' | 'red', fields: object, message: string) => {
    const facts = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}`);
    note(
      `${paint(colour, colour === 'red' ? 'error' : 'warning')}: ${printable([message, ...facts].join(', '))}`,
    );
  };
  return {
    debug: () => {},
    info: () => {},
    warn: (fields, message) => say('yellow', fields, message),
    error: (fields, message) => say('red', fields, message),
  };
}
