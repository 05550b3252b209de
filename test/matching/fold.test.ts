import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldAlias } from '../../src/matching/fold.js';

describe('folding', () => {
  it.each([
    ['composed and decomposed letters', 'jos\u00e9', 'JOSE\u0301'],
    ['sharp s', 'straße', 'STRASSE'],
    ['capital sharp s', 'STRAẞE', 'strasse'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['final sigma before a separator', 'ΟΔΟΣ@corp', 'οδοσ@corp'],
    ['Kelvin and Ångström signs', '\u212a\u212b', 'kå'],
    ['ligatures', 'ﬀ', 'FF'],
    ['Cyrillic', 'ИВАН', 'иван'],
    ['Armenian', 'և', 'ԵՒ'],
    ['fullwidth letters', 'ＡＢ', 'ａｂ'],
    ['letters outside the first plane', '\u{10400}', '\u{10428}'],
    ['long s', 'ſ', 'S'],
  ])('makes %s the same', (_what, a, b) => {
    expect(foldAlias(a)).toBe(foldAlias(b));
  });

  it.each([
    ['a dotless i and an i', 'kıvanç', 'kivanç'],
    ['letters with and without accents', 'jose', 'josé'],
    ['Latin and Cyrillic lookalikes', 'corp', 'соrp'],
    ['fullwidth and plain letters', 'Ａ', 'a'],
  ])('keeps %s apart', (_what, a, b) => {
    expect(foldAlias(a)).not.toBe(foldAlias(b));
  });

  it('folds whatever a case-insensitive regular expression takes for the same letter', () => {
    const differing: string[] = [];
    for (let code = 0; code < 0x1_0500; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const letter = String.fromCodePoint(code);
      for (const other of new Set([letter.toLowerCase(), letter.toUpperCase()])) {
        if ([...other].length !== 1 || other === letter) continue;
        if (
          new RegExp(`^${letter.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}$`, 'iu').test(other) &&
          fold(letter) !== fold(other)
        )
          differing.push(`${letter} ${other}`);
      }
    }
    expect(differing).toEqual([]);
  });

  it('is done once it is done', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });

  it('does not depend on case or composition', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'É', 'ß', 'ς', 'İ', 'ø', 'Ж', '\u0301', 'ﬁ') }),
        (text) => {
          expect(fold(text.toUpperCase())).toBe(fold(text));
          expect(fold(text.normalize('NFD'))).toBe(fold(text));
        },
      ),
    );
  });
});
