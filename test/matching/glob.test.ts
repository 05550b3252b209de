import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches, parseGlob } from '../../src/matching/glob.js';

/** The definition of a glob, as slow as it is plain. */
function oracle(glob: string[], value: string[]): boolean {
  const [step, ...rest] = glob;
  if (step === undefined) return value.length === 0;
  if (step === '*') return oracle(rest, value) || (value.length > 0 && oracle(glob, value.slice(1)));
  return value.length > 0 && (step === '?' || step === value[0]) && oracle(rest, value.slice(1));
}

const matches = (glob: string, value: string) => globMatches(parseGlob(glob), value);

describe('globs', () => {
  it('agree with their definition', () => {
    const text = fc.stringMatching(/^[ab\u{1F600}\n]{0,10}$/u);
    const glob = fc.stringMatching(/^[ab*?\u{1F600}]{0,7}$/u);
    fc.assert(
      fc.property(glob, text, (pattern, value) => {
        expect(matches(pattern, value)).toBe(oracle([...pattern], [...value]));
      }),
      { numRuns: 5000 },
    );
  });

  it('match what they were made from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.constantFrom('*', '?', '')), { maxLength: 6 }),
        (parts) => {
          const clean = parts.map(([text, wild]) => [text.replace(/[*?]/g, ''), wild] as const);
          const glob = clean.map(([text, wild]) => text + wild).join('');
          const value = clean
            .map(([text, wild]) => text + (wild === '*' ? 'some thing' : wild === '?' ? 'é' : ''))
            .join('');
          expect(matches(glob, value)).toBe(true);
        },
      ),
    );
  });

  it('cover the whole value', () => {
    expect(matches('anna', 'joanna')).toBe(false);
    expect(matches('anna', 'anna2')).toBe(false);
    expect(matches('*anna', 'joanna')).toBe(true);
  });

  it('do not run away', () => {
    const started = process.cpuUsage().user;
    expect(matches(`${'a*'.repeat(40)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
  });
});
