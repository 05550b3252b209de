import nunjucks from 'nunjucks';
import { expect, it } from 'vitest';
import { nodes, Parser } from '../../src/jinja/syntax/nunjucks.js';
import { compile } from './compile.js';

const token = (type: string, value: string) => ({ type, value, lineno: 0, colno: 0 });

it('relies on a parser of Nunjucks that reads tokens one by one, and puts one back', () => {
  const tokens = [token('symbol', 'a'), token('operator', '+')];
  const parser = new Parser({ nextToken: () => tokens.shift() as never });
  expect(parser.peekToken()?.value).toBe('a');
  expect(parser.skipSymbol('b')).toBe(false);
  expect(parser.skipSymbol('a')).toBe(true);
  expect(parser.skipValue('operator', '+')).toBe(true);
  expect(parser.peekToken()).toBeUndefined();
});

it('relies on bodies being read by parseNodes, up to the blocks asked for', () => {
  const seen: unknown[] = [];
  class Probe extends Parser {
    protected parseNodes(): unknown[] {
      seen.push(this.breakOnBlocks);
      return [];
    }
  }
  const parser = new Probe({ nextToken: () => undefined });
  expect(parser.parseUntilBlocks('endif', 'else')).toMatchObject({ typename: 'NodeList', children: [] });
  expect(parser.parseAsRoot()).toMatchObject({ typename: 'Root', children: [] });
  expect(seen).toEqual([['endif', 'else'], null]);
});

it('relies on node classes that keep place and fields by name', () => {
  const Own = nodes.Node.extend('Own', { fields: ['a', 'b'] });
  expect(new Own(3, 4, 'x')).toMatchObject({ typename: 'Own', lineno: 3, colno: 4, a: 'x', b: null });
});

it('leaves Nunjucks itself as it is for others in the process', () => {
  compile('{{ (1, 2) }}');
  expect(new nunjucks.Environment(null).renderString('{{ (1, 2) }}{{ None }}', {})).toBe('2');
});
