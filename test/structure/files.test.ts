import { describe, expect, test } from 'vitest';
import { filesBelow, textOf } from '../support/source-files.js';

const source = filesBelow('src', '.ts');
const tests = filesBelow('test', '.ts');
/** Tables, which are as long as what they list. */
const tables = ['src/lib/error-codes.ts', 'src/model/attributes.ts'];
const linesOf = (file: string) => textOf(file).split('\n').length;

describe('files', () => {
  test('hold one concept: none is long, and most are short', () => {
    const lengths = source.map(linesOf).sort((a, b) => a - b);
    expect(source.filter((file) => linesOf(file) > 350 && !tables.includes(file))).toEqual([]);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(90);
  });

  test('have names in kebab-case', () => {
    const name = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.ts$/;
    expect([...source, ...tests].filter((file) => !name.test(file.split('/').at(-1) ?? ''))).toEqual([]);
  });
});

describe('tests', () => {
  test('each have a title that no other test of the file has', () => {
    const doubled = tests.flatMap((file) => {
      const titles = [...textOf(file).matchAll(/^( *)(?:test|it)\(\s*'((?:[^'\\]|\\.)+)'/gm)].map(
        ([, , title = '']) => title,
      );
      return titles.filter((title, at) => titles.indexOf(title) !== at).map((title) => `${file}: ${title}`);
    });
    expect(doubled).toEqual([]);
  });

  test('are all run: none is left out or alone', () => {
    const held = tests.filter((file) => /\b(?:test|it|describe)\.(?:only|skip|todo)\b/.test(textOf(file)));
    expect(held).toEqual([]);
  });
});
