import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSources, partOf } from '../../src/settings/source.js';
import { parseYaml, readYaml } from '../../src/settings/yaml.js';

function parse(text: string) {
  const { document, problems } = parseYaml(text, 'a.yaml');
  if (!document) throw new Error(JSON.stringify(problems));
  return document;
}

describe('reading YAML', () => {
  it('gives the place of a key and of its value', () => {
    const source = parse('smtp:\n  host: relay\n  domains:\n    - match: "*.x"\n');
    expect(source.locate(['smtp', 'host'], 'key')).toEqual({ file: 'a.yaml', line: 2, column: 3 });
    expect(source.locate(['smtp', 'host'])).toEqual({ file: 'a.yaml', line: 2, column: 9 });
    expect(source.locate(['smtp', 'domains', 0, 'match'])).toEqual({ file: 'a.yaml', line: 4, column: 14 });
  });

  it('gives the place of the nearest thing above a key that is not there', () => {
    const source = parse('a: 1\nsmtp:\n  host: relay\n');
    expect(source.locate(['smtp', 'port'])).toMatchObject({ line: 2, column: 1 });
    expect(source.locate(['redis', 'url'])).toMatchObject({ line: 1, column: 1 });
  });

  it('finds what an alias stands for', () => {
    const source = parse('one: &x\n  host: relay\ntwo: *x\n');
    expect(source.locate(['two', 'host'])).toMatchObject({ line: 2, column: 9 });
  });

  it('reads on and off, times and version numbers as the text they are written as', () => {
    expect(parse('preflight: off\non: [a]\nfrom: 07:00\n').value).toEqual({
      preflight: 'off',
      on: ['a'],
      from: '07:00',
    });
  });

  it('takes an empty file for one without keys', () => {
    expect(parse('# nothing\n').value).toEqual({});
  });

  it.each([
    ['a key given twice', 'a: 1\nb: 2\na: 3\n', 3, 1],
    ['a bracket that is not closed', 'a: [1, 2\nb: 3\n', 2, 1],
    ['a tab', 'a:\n\tb: 1\n', 2, 1],
    ['a star without quotes', 'match: *@corp\n', 1, 8],
    ['an unknown tag', 'a: !secret x\n', 1, 4],
    ['two documents', 'a: 1\n---\nb: 2\n', 2, 1],
  ])('tells %s at its place', (_what, text, line, column) => {
    const { document, problems } = parseYaml(text, 'a.yaml');
    expect(document).toBeUndefined();
    expect(problems[0]).toMatchObject({ code: 'ROLLCALL_ERR_YAML', file: 'a.yaml', line, column });
  });

  it('refuses aliases that would grow without end', () => {
    const rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 8; n++)
      rows.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(parseYaml(rows.join('\n'), 'a.yaml').problems[0]?.code).toBe('ROLLCALL_ERR_YAML');
  });

  it('says why a file cannot be read', async () => {
    const { problems } = await readYaml('/nonexistent/rollcall.yaml');
    expect(problems).toMatchObject([
      { code: 'ROLLCALL_ERR_FILE', message: 'The file cannot be read: it does not exist.' },
    ]);
  });

  it('merges two parts key by key and keeps the place of each', () => {
    const source = parse('base:\n  a: 1\n  b: 2\nover:\n  b: 3\n  c: 4\n');
    const merged = mergeSources(partOf(source, ['base']), partOf(source, ['over']));
    expect(merged.value).toEqual({ a: 1, b: 3, c: 4 });
    expect(['a', 'b', 'c'].map((key) => merged.locate([key]).line)).toEqual([2, 5, 6]);
    expect(merged.locate(['d'])).toMatchObject({ line: 1 });
  });
});

describe('a place within a scalar', () => {
  const at = (text: string, line: number, column: number) => {
    const { line: row, column: col } = parse(text).locateWithin(['k'], line, column);
    return [row, col];
  };

  it('is exact in plain and quoted text', () => {
    expect(at('k: ab{{ x }}\n', 1, 6)).toEqual([1, 9]);
    expect(at('k: "ab{{ x }}"\n', 1, 6)).toEqual([1, 10]);
    expect(at("k: 'it''s {{ x }}'\n", 1, 9)).toEqual([1, 14]);
  });

  it('is exact behind escapes of a double-quoted text', () => {
    expect(at('k: "a\\"b\\u00e9\\n{{ x }}"\n', 2, 4)).toEqual([1, 20]);
    expect(at('k: "a\\\n  b{{ x }}"\n', 1, 6)).toEqual([2, 7]);
  });

  it('is exact in a literal block', () => {
    expect(at('k: |\n  one\n    two {{ x }}\n', 2, 10)).toEqual([3, 12]);
  });

  it('is exact in folded text', () => {
    expect(at('k: >-\n  one\n  two {{ x }}\n', 1, 12)).toEqual([3, 10]);
    expect(at('k: one\n  two {{ x }}\n', 1, 12)).toEqual([2, 10]);
  });

  it('finds a word again that any way of writing YAML put somewhere', () => {
    const word = fc.stringMatching(/^[a-z"'\\#:é\u{1F600}]{1,6}$/u);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('"', '|', '>'),
        (words, style) => {
          const value = [...words, 'NEEDLE'].join(style === '>' ? ' ' : '\n');
          const lines = [...words, 'NEEDLE'];
          const text =
            style === '"'
              ? `k: ${JSON.stringify(value)}\n`
              : `k: ${style}-\n${lines.map((line) => `  ${line}\n`).join('')}`;
          const source = parse(text);
          const read = String(Reflect.get(Object(source.value), 'k'));
          const before = read.slice(0, read.indexOf('NEEDLE')).split('\n');
          const place = source.locateWithin(['k'], before.length, (before.at(-1) ?? '').length + 1);
          const row = text.split('\n')[place.line - 1] ?? '';
          expect(row.slice(place.column - 1, place.column + 5)).toBe('NEEDLE');
        },
      ),
    );
  });

  it('falls back to the beginning where a reference was put in', () => {
    const source = { ...parse('k: "${A}-{{ x }}"\n'), value: { k: 'hello-{{ x }}' } };
    expect(partOf(source, []).locateWithin(['k'], 1, 10)).toMatchObject({ line: 1 });
  });
});
