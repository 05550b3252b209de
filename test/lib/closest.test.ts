import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closest, didYouMean } from '../../src/lib/closest.js';

describe('the closest name', () => {
  it.each([
    ['hots', 'host'],
    ['givenname', 'givenName'],
    ['allowedDomain', 'allowedDomains'],
    ['tempalte', 'template'],
    ['SMTP', 'smtp'],
  ])('of %s is %s', (name, expected) => {
    expect(closest(name, ['host', 'givenName', 'allowedDomains', 'template', 'smtp'])).toBe(expected);
  });

  it('is none where nothing is near', () => {
    expect(closest('colour', ['host', 'port'])).toBeUndefined();
    expect(didYouMean('xy', ['host'])).toBeUndefined();
  });

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5 }), fc.array(fc.string({ maxLength: 5 })), (name, candidates) => {
        expect(closest(name, candidates.toReversed())).toBe(closest(name, candidates));
      }),
    );
  });

  it('is at most one error in three letters away', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), fc.nat(), (name, at) => {
        const dropped = name.slice(0, at % name.length) + name.slice((at % name.length) + 1);
        expect(closest(name, [dropped])).toBe(dropped);
      }),
    );
  });
});
