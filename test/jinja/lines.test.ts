import { expect, test } from 'vitest';
import { FixedLines, textOf } from '../../src/model/lines.js';
import { compile } from './compile.js';

/** Long enough to be kept apart. */
const lines = (name: string) =>
  Array.from({ length: 20 }, (_, line) => `<p>${name}, line ${line}</p>\n`).join('');

const source = `${lines('head')}<b>{{ who }}</b>${lines('middle')}{% if more %}{{ who }}
${lines('branch')}{% endif %}{% for n in numbers %}{{ n }}
${lines('loop')}{% endfor %}{% macro twice(x) %}{{ x }}
${lines('macro')}{% endmacro %}{{ twice('a') }}{% set kept %}
${lines('set')}{% endset %}{{ kept }}{% filter upper %}
${lines('filter')}{% endfilter %}end {{ who }}`;

test('the lines that are the same for everybody are the same objects each time, and the rest is cut at line ends', () => {
  const template = compile(source);
  const [ada, bob] = ['Ada', 'Bob'].map((who) => template.renderLines({ who, more: true, numbers: [1, 2] }));
  if (!ada || !bob) throw new Error('two were rendered');
  const [fixed, again] = [ada, bob].map((pieces) => pieces.filter((piece) => piece instanceof FixedLines));
  if (!fixed || !again) throw new Error('two were rendered');
  for (const [at, piece] of fixed.entries()) expect(again[at]).toBe(piece);
  expect(again).toHaveLength(fixed.length);
  // "head" begins with a line that nothing comes before, which is known only of the second on
  expect(fixed.map(({ text }) => /<p>(\w+), line 1</.exec(text)?.[1])).toEqual(['head', 'middle', 'branch']);
  for (const piece of ada.slice(0, -1))
    expect(piece instanceof FixedLines ? piece.text : piece).toMatch(/\n$/);
});

test('in pieces a text is what it is as one', () => {
  const template = compile(source);
  for (const more of [true, false]) {
    for (const numbers of [[], [1, 2, 3]]) {
      const context = { who: 'Ada', more, numbers };
      const expected = [
        `${lines('head')}<b>Ada</b>${lines('middle')}`,
        more ? `Ada\n${lines('branch')}` : '',
        ...numbers.map((number) => `${number}\n${lines('loop')}`),
        `a\n${lines('macro')}\n${lines('set')}\n${lines('filter').toUpperCase()}end Ada`,
      ].join('');
      expect(textOf(template.renderLines(context))).toBe(expected);
      expect(template.render(context)).toBe(expected);
    }
  }
});
