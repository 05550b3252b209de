import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableDocument, printableJson } from '../../src/lib/printable.js';

test('what would colour a terminal or turn its text around is written out', () => {
  expect(printable('\u001b[31mred\u009b0m a\u202eb\u2066 \u0007')).toBe(
    '\\u001b[31mred\\u009b0m a\\u202eb\\u2066 \\u0007',
  );
});

test('names of all scripts, line ends and tabs stay as they are', () => {
  const text = 'Zoë 王小明 مريم עדה 👩‍💻\n\tnext';
  expect(printable(text)).toBe(text);
});

test('a document keeps its shape, whatever is in it', () => {
  const date = new Date(0);
  expect(printableDocument({ a: ['\u001b', 1, null], b: { c: 'x\u202e' }, date })).toEqual({
    a: ['\\u001b', 1, null],
    b: { c: 'x\\u202e' },
    date,
  });
});

test('JSON says the same with what is written out as without', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('\u001b', '\u009b', '\u202e', '\\'), (value, sign) => {
      const document = { value, sign };
      expect(JSON.parse(printableJson(document))).toEqual(JSON.parse(JSON.stringify(document)));
    }),
  );
});
