import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskSecret } from '../../src/model/mask.js';

/** A character's alphabet. */
const kind = (character: string) =>
  /[0-9]/.test(character)
    ? 'digit'
    : /[a-z]/.test(character)
      ? 'small'
      : /[A-Z]/.test(character)
        ? 'capital'
        : 'other';

test('a mask is as long as the secret, of the same alphabets in the same places, and never the secret', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.stringMatching(/^[a-zA-Z0-9+/=]{1,40}$/)),
      (text) => {
        const masked = maskSecret(text);
        expect(masked).toHaveLength(text.length);
        expect(masked).not.toBe(text);
        expect(maskSecret(text)).toBe(masked);
        if (/[a-zA-Z0-9]/.test(text)) expect([...masked].map(kind)).toEqual([...text].map(kind));
      },
    ),
    { numRuns: 5_000 },
  );
});

test.each([
  ['904531', /^\d{6}$/],
  ['dGVzdA==', /^[A-Za-z0-9]{6}==$/],
  ['a2a07b42-66d7-41e4-9461-9d343c25b7f3', /^[a-z0-9]{8}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{12}$/],
])('%s keeps its shape', (secret, shape) => {
  expect(maskSecret(secret)).toMatch(shape);
});

test('a secret that is its own mask is masked once more', () => {
  const fixed = maskSecret('000000');
  expect(maskSecret(fixed)).not.toBe(fixed);
  expect(maskSecret('===')).not.toBe('===');
});

test('an empty text has an empty mask', () => {
  expect(maskSecret('')).toBe('');
});
