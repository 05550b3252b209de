import { valueError } from '../errors.js';
import { SPACE, words } from './characters.js';

const SPLIT_LEFT = new RegExp(`[${SPACE}]+`, 'u');

/** Python's text.split(separator, count). */
export function split(text: string, separator: string | undefined, count: number): string[] {
  if (separator === undefined) {
    if (count < 0) return words(text);
    const parts: string[] = [];
    let rest = text.replace(new RegExp(`^[${SPACE}]+`, 'u'), '');
    while (rest !== '' && parts.length < count) {
      const found = SPLIT_LEFT.exec(rest);
      if (!found) break;
      parts.push(rest.slice(0, found.index));
      rest = rest.slice(found.index + found[0].length);
    }
    if (rest !== '') parts.push(rest);
    return parts;
  }
  if (separator === '') throw valueError('split: the separator is empty');
  const parts = text.split(separator);
  if (count < 0 || parts.length <= count + 1) return parts;
  return [...parts.slice(0, count), parts.slice(count).join(separator)];
}

/** Python's text.rsplit(separator, count): the count is taken from the right. */
export function rsplit(text: string, separator: string | undefined, count: number): string[] {
  if (count < 0) return split(text, separator, count);
  if (separator === undefined) {
    const parts: string[] = [];
    let rest = text.replace(new RegExp(`[${SPACE}]+$`, 'u'), '');
    while (rest !== '' && parts.length < count) {
      const found = new RegExp(`[${SPACE}]+(?=[^${SPACE}]*$)`, 'u').exec(rest);
      if (!found) break;
      parts.unshift(rest.slice(found.index + found[0].length));
      rest = rest.slice(0, found.index);
    }
    if (rest !== '') parts.unshift(rest);
    return parts;
  }
  if (separator === '') throw valueError('rsplit: the separator is empty');
  const parts = text.split(separator);
  if (parts.length <= count + 1) return parts;
  const keep = parts.length - count;
  return [parts.slice(0, keep).join(separator), ...parts.slice(keep)];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends lines at these too
const LINE_END = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/u;

/** Python's text.splitlines(keepends). */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '') {
    const found = LINE_END.exec(rest);
    const end = found ? found.index + found[0].length : rest.length;
    lines.push(rest.slice(0, keepEnds || !found ? end : found.index));
    rest = rest.slice(end);
  }
  return lines;
}

/** Python's text.replace(old, new, count); an empty `old` is between all characters. */
export function replace(text: string, old: string, by: string, count: number): string {
  if (count < 0 && old !== '') return text.split(old).join(by);
  if (old === '') {
    const all = Array.from(text);
    const limit = count < 0 ? all.length + 1 : count;
    let out = '';
    for (let index = 0; index <= all.length; index++) out += (index < limit ? by : '') + (all[index] ?? '');
    return out;
  }
  return split(text, old, count).join(by);
}
