import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differences, isStricter } from './same-as-jinja2.js';
import { awkwardValues } from './values.js';

const quoted = fc
  .string({ unit: 'binary', maxLength: 6 })
  .map(
    (text) => `'${text.replace(/[\\'{}%#\r\n\0]/g, '').replace(/[\ud800-\udfff](?![\udc00-\udfff])/g, '')}'`,
  );

const atom = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('v', 'w', 'v', '1', '0', '2', '-3', '2.5', '10', '1e3', 'true', 'none'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom("'a'", "'Ab c'", "''", "'<x>'", "'12'", "'%s'", '[]', '[1,2,3]', '(1,)', '{}'),
  },
  { weight: 1, arbitrary: quoted },
);

const filters = [
  'upper',
  'lower',
  'capitalize',
  'title',
  'trim',
  'length',
  'first',
  'last',
  'int',
  'int(5)',
  'float',
  'abs',
  'round',
  'round(1)',
  'join',
  "join('-')",
  'list',
  'sort',
  'reverse|list',
  'unique|list',
  'striptags',
  "replace('a','<')",
  'truncate(5)',
  'truncate(4,true)',
  "default('d')",
  "default('d',true)",
  'wordcount',
  'escape',
  'safe',
  'tojson',
];
const binaries = [
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '~',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not in',
  'and',
  'or',
];
const tests = [
  'defined',
  'none',
  'string',
  'number',
  'mapping',
  'sequence',
  'iterable',
  'even',
  'odd',
  'lower',
];
const suffixes = [
  '[0]',
  '[-1]',
  '[1:]',
  '[::-1]',
  '[:2]',
  '.upper()',
  '.split()',
  ".replace('a','b')",
  '.strip()',
];

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc.tuple(tie('expression'), fc.constantFrom(...filters)).map(([of, filter]) => `(${of})|${filter}`),
    fc.tuple(tie('expression'), fc.constantFrom(...suffixes)).map(([of, suffix]) => `(${of})${suffix}`),
    fc
      .tuple(tie('expression'), fc.constantFrom(...binaries), tie('expression'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    fc
      .tuple(tie('expression'), fc.constantFrom(...binaries), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(tie('expression'), fc.constantFrom(...tests)).map(([of, test]) => `((${of}) is ${test})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}, ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `[${a}, ${b}]`),
    tie('expression').map((of) => `(-(${of}))`),
    tie('expression').map((of) => `(not ${of})`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `(${a} if ${b} else ${c})`),
  ),
}));

const request = fc.record({
  source: expression.map((text) => `{{ ${text} }}`),
  autoescape: fc.boolean(),
  context: fc.record({ v: fc.constantFrom(...awkwardValues), w: fc.constantFrom('foo', '<b>', 'a b') }),
});

it('prints what Jinja2 prints for random expressions', () => {
  const requests = fc.sample(request, {
    seed: Number(process.env['FUZZ_SEED'] ?? 1),
    numRuns: Number(process.env['FUZZ_RUNS'] ?? 2_000),
  });
  expect(differences(requests).filter((found) => !isStricter(found))).toEqual([]);
});
