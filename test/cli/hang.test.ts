import { expect, test } from 'vitest';
import { hang } from '../../src/cli/hang.js';

test('a line that fits stays as it is', () => {
  expect(hang('next  Nothing.', 14)).toBe('next  Nothing.');
});

test('what does not fit goes on below its column, whatever the colours', () => {
  expect(hang('\u001b[1mnext\u001b[22m  Nothing until it has changed.', 20)).toBe(
    '\u001b[1mnext\u001b[22m  Nothing until\n      it has\n      changed.',
  );
});

test('where there is no column, it goes on a little further in; a word that is too long stays whole', () => {
  expect(hang('one two https://a.long.example/address', 10)).toBe(
    'one two\n  https://a.long.example/address',
  );
});

test('lines of their own stay lines of their own', () => {
  expect(hang('a b\n\nc d e', 3)).toBe('a b\n\nc d\n  e');
});
