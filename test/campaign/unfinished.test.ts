import { describe, expect, it } from 'vitest';
import { findUnfinished, wordingOfSource } from '../../src/campaign/unfinished.js';

const look = (text: string, variables = {}, source = '') =>
  findUnfinished({ subject: 'Hello', html: [text], text: 'Hello' }, variables, async () =>
    wordingOfSource(source),
  );

describe('an unfinished mail', () => {
  it.each([
    ['undefined', 'Hello undefined,'],
    ['NaN', '<td>NaN</td>'],
    ['[object Object]', 'to [object Object]'],
    ['{{', 'Hello {{ name }}'],
    ['{%', 'Hello {% if %}'],
  ])('is known by %s', async (mark, text) => {
    expect(await look(text)).toEqual({ part: 'html', mark });
  });

  it.each([
    ['a word that holds one', 'undefinedness, NaNny, preundefined'],
    ['Base64', 'data=/NaN+undefined%3D'],
    ['styles', '@media x { a { b: c }}'],
  ])('is not known by %s', async (_what, text) => {
    expect(await look(text)).toBeUndefined();
  });

  it('is none where the person or the wording says so', async () => {
    expect(await look('Hello undefined', { sn: 'undefined' })).toBeUndefined();
    expect(await look('Hello undefined', { attributes: { sn: ['x', 'undefined'] } })).toBeUndefined();
    expect(await look('yet undefined', {}, '<p>yet undefined</p>')).toBeUndefined();
    expect(await look('a {{ b }}', {}, '{% raw %}a {{ b }}{% endraw %}')).toBeUndefined();
    expect(await look('NaN', {}, '{{ "NaN" }}')).toBeUndefined();
  });

  it('is one although the template uses the word in an expression', async () => {
    expect(await look('Hello undefined', {}, '{% if x is undefined %}')).toMatchObject({ mark: 'undefined' });
    expect(await look('Hello {{ name }}', {}, 'Hello {{ name }}')).toMatchObject({ mark: '{{' });
  });
});
