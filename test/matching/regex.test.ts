import { describe, expect, it } from 'vitest';
import { backtrackingDegree, createSafeRegex } from '../../src/matching/regex.js';

describe('how far an expression can backtrack', () => {
  it.each([
    ['^[^@]+@corp\\.example$', 1],
    ['^(?<local>[^@]+)@corp$', 1],
    ['^(?<first>[^.]+)\\.(?<last>[^@]+)@corp$', 2],
    ['^a{3}b?$', 1],
    ['corp', 1],
    ['a+b*', 3],
    ['^a|b+', 2],
    ['^\\)*a$', 1],
    ['^[)*+]a$', 0],
    ['^(a+)+$', Number.POSITIVE_INFINITY],
    ['^(?:a|b)*$', Number.POSITIVE_INFINITY],
    ['^(a+){2,}$', Number.POSITIVE_INFINITY],
    ['^(a+)?$', 1],
    ['^\\p{L}+$', 1],
    ['^(?=.*a)x$', 1],
  ])('%s: %s', (source, degree) => {
    expect(backtrackingDegree(source)).toBe(degree);
  });
});

describe('a safe regular expression', () => {
  it('gives the named groups', () => {
    const regex = createSafeRegex('^(?<a>x+)(?<b>y)?(z)?$', '');
    expect(regex.groups).toEqual(['a', 'b']);
    expect(regex.match('xx')).toEqual({ a: 'xx' });
    expect(regex.match('no')).toBeUndefined();
  });

  it('gives the same under the watchdog', () => {
    const regex = createSafeRegex('^(?<a>(?:x|y)+)@(?<b>.*)$', 'i');
    expect(backtrackingDegree('^(?<a>(?:x|y)+)@(?<b>.*)$')).toBe(Number.POSITIVE_INFINITY);
    expect(regex.match('XY@corp')).toEqual({ a: 'XY', b: 'corp' });
    expect(regex.match('zz')).toBeUndefined();
  });

  it.each([
    ['(a+)+$', '', `${'a'.repeat(60)}b`],
    ['^(\\w|\\d)*$', '', `${'1'.repeat(60)}!`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', '', 'a'.repeat(60)],
    ['.*.*.*.*.*.*x', '', 'a'.repeat(5000)],
  ])('does not hang on /%s/%s', (source, flags, value) => {
    const regex = createSafeRegex(source, flags);
    expect(() => regex.match(value)).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_PATTERN_TIME', facts: { givenUp: false } }),
    );
  });

  it('tells when the expression is at fault, and not one value', () => {
    const regex = createSafeRegex('(a+)+$', '');
    const outcomes = Array.from({ length: 5 }, () => {
      try {
        return regex.match(`${'a'.repeat(60)}b`);
      } catch (error) {
        return error;
      }
    });
    expect(outcomes.at(-2)).toMatchObject({ facts: { givenUp: false } });
    expect(outcomes.at(-1)).toMatchObject({ facts: { givenUp: true } });
  });

  it('never repeats the value in its error', () => {
    const value = `${'a'.repeat(60)}-secret`;
    expect(() => createSafeRegex('(a+)+$', '').match(value)).toThrow(/^(?!.*secret)/);
  });
});
