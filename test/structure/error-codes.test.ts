import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/lib/error-codes.js';
import { errorPage } from '../support/error-page.js';
import { filesBelow, textOf } from '../support/source-files.js';

const codes = Object.keys(errorCodes).sort();
const mentioned = (text: string) => [...new Set(text.match(/ROLLCALL_ERR_[A-Z0-9_]*[A-Z0-9]/g) ?? [])].sort();

describe('error codes', () => {
  test('are all in docs/reference/errors.md, as the table has them (vitest -u writes it)', async () => {
    const page = errorPage();
    expect(mentioned(page)).toEqual(codes);
    await expect(page).toMatchFileSnapshot('../../docs/reference/errors.md');
  });

  test('are each used by some room', () => {
    const used = new Set(
      filesBelow('src', '.ts')
        .filter((file) => file !== 'src/lib/error-codes.ts')
        .flatMap((file) => mentioned(textOf(file))),
    );
    expect(codes.filter((code) => !used.has(code))).toEqual([]);
  });

  test('mean something and say what to do, each in a sentence', () => {
    const wanting = Object.entries(errorCodes)
      .filter(([, { means, hint }]) => !/^[A-Z"].*\.$/.test(means) || !/\.$/.test(hint))
      .map(([code]) => code);
    expect(wanting).toEqual([]);
  });

  test('that the documentation mentions are real', () => {
    const unreal = filesBelow('docs', '.md').flatMap((file) =>
      mentioned(textOf(file))
        .filter((code) => !codes.includes(code))
        .map((code) => `${file}: ${code}`),
    );
    expect(unreal).toEqual([]);
  });
});
