import { int } from '../values/numbers.js';
import { Float } from '../values/objects.js';
import { TokenReader } from './token-reader.js';
import { TemplateSyntaxError, type Token } from './tokens.js';
import { type Arguments, type CallNode, type Expression, type Keyword, node, type Target } from './tree.js';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

/** Jinja2's grammar of expressions, with its precedences, on Nunjucks' parser. */
export class ExpressionParser extends TokenReader {
  parseExpression(): Expression {
    let result = this.parseOr();
    while (this.skipSymbol('if')) {
      const cond = this.parseOr();
      const otherwise = this.skipSymbol('else') ? this.parseExpression() : null;
      result = node('InlineIf', result, cond, result, otherwise);
    }
    return result;
  }

  protected parseOr(): Expression {
    let left = this.parseAnd();
    while (this.skipSymbol('or')) left = node('Or', left, left, this.parseAnd());
    return left;
  }

  private parseAnd(): Expression {
    let left = this.parseNot();
    while (this.skipSymbol('and')) left = node('And', left, left, this.parseNot());
    return left;
  }

  private parseNot(): Expression {
    if (!this.isName('not')) return this.parseCompare();
    const place = this.take();
    return node('Not', place, this.parseNot());
  }

  private parseCompare(): Expression {
    const left = this.parseSum();
    const ops = [];
    for (;;) {
      const token = this.current();
      let type: string | undefined;
      if (token.type === 'operator' && COMPARISONS.has(token.value)) type = token.value;
      else if (this.isName('in')) type = 'in';
      else if (this.isName('not') && this.source.upcoming()?.value === 'in') type = 'not in';
      if (type === undefined) break;
      this.take();
      if (type === 'not in') this.take();
      ops.push(node('CompareOperand', token, this.parseSum(), type));
    }
    return ops.length > 0 ? node('Compare', left, left, ops) : left;
  }

  private parseSum(): Expression {
    let left = this.parseConcat();
    while (this.isOperator('+', '-')) {
      const { value } = this.take();
      left = node('Binary', left, value, left, this.parseConcat());
    }
    return left;
  }

  private parseConcat(): Expression {
    const items = [this.parseProduct()];
    while (this.skipOperator('~')) items.push(this.parseProduct());
    const [first] = items;
    return first !== undefined && items.length === 1 ? first : node('Join', first ?? this.current(), items);
  }

  private parseProduct(): Expression {
    let left = this.parsePower();
    while (this.isOperator('*', '/', '//', '%')) {
      const { value } = this.take();
      left = node('Binary', left, value, left, this.parsePower());
    }
    return left;
  }

  private parsePower(): Expression {
    // Jinja2 takes powers from the left, unlike Python.
    let left = this.parseUnary(true);
    while (this.skipOperator('**')) left = node('Binary', left, '**', left, this.parseUnary(true));
    return left;
  }

  private parseUnary(filters: boolean): Expression {
    let result: Expression;
    if (this.isOperator('-', '+')) {
      const sign = this.take();
      result = node(sign.value === '-' ? 'Neg' : 'Pos', sign, this.parseUnary(false));
    } else {
      result = this.parsePrimary();
    }
    result = this.parsePostfix(result);
    return filters ? this.parseFilters(result) : result;
  }

  protected parsePrimary(): Expression {
    const token = this.current();
    switch (token.type) {
      case 'symbol': {
        this.take();
        const constant = Object.hasOwn(CONSTANTS, token.value) ? CONSTANTS[token.value] : undefined;
        return constant === undefined ? node('Symbol', token, token.value) : node('Literal', token, constant);
      }
      case 'string': {
        let text = '';
        while (this.current().type === 'string') text += this.take().value;
        return node('Literal', token, text);
      }
      case 'int':
        this.take();
        return node('Literal', token, int(BigInt(token.value.replaceAll('_', ''))));
      case 'float':
        this.take();
        return node('Literal', token, new Float(Number(token.value.replaceAll('_', ''))));
      case 'operator':
        if (token.value === '(') return this.parseParenthesis();
        if (token.value === '[') return this.parseList();
        if (token.value === '{') return this.parseDict();
    }
    throw this.unexpected('a value');
  }

  private parseParenthesis(): Expression {
    const open = this.take();
    const result = this.parseTuple(open, () => this.isOperator(')'), true);
    this.expectOperator(')');
    return result;
  }

  /** One expression, or a tuple where a comma follows. */
  protected parseTuple(
    place: Token,
    ends: () => boolean,
    emptyAllowed: boolean,
    parse: () => Expression = () => this.parseExpression(),
  ): Expression {
    const items: Expression[] = [];
    let tuple = false;
    for (;;) {
      if (items.length > 0) this.expectOperator(',');
      if (ends()) break;
      items.push(parse());
      if (!this.isOperator(',')) break;
      tuple = true;
    }
    const [first] = items;
    if (!tuple && first !== undefined) return first;
    if (!tuple && !emptyAllowed) throw this.unexpected('a value');
    return node('Tuple', place, items);
  }

  private parseList(): Expression {
    const open = this.take();
    return node(
      'Array',
      open,
      this.items(']', () => this.parseExpression()),
    );
  }

  private parseDict(): Expression {
    const open = this.take();
    const pairs = this.items('}', () => {
      const key = this.parseExpression();
      this.expectOperator(':');
      return node('Pair', key, key, this.parseExpression());
    });
    return node('Dict', open, pairs);
  }

  private items<T>(close: string, parse: () => T): T[] {
    const items: T[] = [];
    while (!this.isOperator(close)) {
      if (items.length > 0) this.expectOperator(',');
      if (this.isOperator(close)) break;
      items.push(parse());
    }
    this.expectOperator(close);
    return items;
  }

  protected parsePostfix(start: Expression): Expression {
    let result = start;
    for (;;) {
      if (this.isOperator('.')) result = this.parseDotted(result);
      else if (this.isOperator('[')) result = this.parseSubscript(result);
      else if (this.isOperator('(')) result = this.parseCall(result);
      else return result;
    }
  }

  private parseDotted(target: Expression): Expression {
    this.take();
    const token = this.take();
    if (token.type === 'symbol') {
      return node('LookupVal', target, target, node('Literal', token, token.value), true);
    }
    if (token.type !== 'int')
      throw new TemplateSyntaxError('expected a name or a number after the dot', token);
    return node('LookupVal', target, target, node('Literal', token, int(BigInt(token.value))), false);
  }

  private parseSubscript(target: Expression): Expression {
    const open = this.take();
    const parts = this.items(']', () => this.parseSubscribed(target));
    const [first] = parts;
    if (first === undefined) throw new TemplateSyntaxError('the subscript is empty', open);
    if (parts.length === 1) {
      return first.typename === 'Slice' ? first : node('LookupVal', target, target, first, false);
    }
    if (parts.some((part) => part.typename === 'Slice'))
      throw new TemplateSyntaxError('a slice cannot be in a tuple', open);
    return node('LookupVal', target, target, node('Tuple', open, parts), false);
  }

  private parseSubscribed(target: Expression): Expression {
    const ends = () => this.isOperator(':', ']', ',');
    const start = ends() ? null : this.parseExpression();
    if (!this.isOperator(':')) {
      if (start === null) throw this.unexpected('a subscript');
      return start;
    }
    this.take();
    const stop = ends() ? null : this.parseExpression();
    const step = this.skipOperator(':') && !ends() ? this.parseExpression() : null;
    return node('Slice', target, target, start, stop, step);
  }

  private parseCall(name: Expression): CallNode {
    return node('FunCall', name, name, this.parseArguments());
  }

  protected parseArguments(): Arguments {
    this.expectOperator('(');
    const positional: Expression[] = [];
    const keywords: Keyword[] = [];
    let rest: Expression | null = null;
    let restKeywords: Expression | null = null;
    for (let first = true; !this.isOperator(')'); first = false) {
      if (!first) this.expectOperator(',');
      if (this.isOperator(')')) break;
      const place = this.current();
      if (this.skipOperator('*')) rest = this.parseExpression();
      else if (this.skipOperator('**')) restKeywords = this.parseExpression();
      else {
        const value = this.parseExpression();
        if (this.skipOperator('=')) {
          if (value.typename !== 'Symbol') throw new TemplateSyntaxError('expected a name before =', place);
          keywords.push({ name: value.value, value: this.parseExpression() });
        } else {
          if (keywords.length > 0 || rest || restKeywords) {
            throw new TemplateSyntaxError('an argument by position follows one by name', place);
          }
          positional.push(value);
        }
      }
    }
    this.expectOperator(')');
    return { positional, keywords, rest, restKeywords };
  }

  /** `|filter`, `is test`, and calls after them. */
  private parseFilters(start: Expression): Expression {
    let result = start;
    for (;;) {
      if (this.isOperator('|')) result = this.parseFilterChain(result);
      else if (this.isName('is')) result = this.parseTest(result);
      else if (this.isOperator('(')) result = this.parseCall(result);
      else return result;
    }
  }

  protected parseFilterChain(start: Expression): Expression {
    let result = start;
    while (this.skipOperator('|')) result = this.parseOneFilter(result);
    return result;
  }

  protected parseOneFilter(target: Expression): Expression {
    const name = this.expectName('the name of a filter');
    return node('Filter', name, name.value, this.optionalArguments(), target);
  }

  private optionalArguments(): Arguments {
    if (this.isOperator('(')) return this.parseArguments();
    return { positional: [], keywords: [], rest: null, restKeywords: null };
  }

  private parseTest(left: Expression): Expression {
    this.take();
    const negated = this.skipSymbol('not');
    const name = this.expectName('the name of a test');
    let args = this.optionalArguments();
    const { type } = this.current();
    const value =
      type === 'symbol' ||
      type === 'string' ||
      type === 'int' ||
      type === 'float' ||
      this.isOperator('[', '{');
    if (args.positional.length === 0 && value && !this.isName('else', 'or', 'and', 'if', 'in', 'not')) {
      if (this.isName('is')) throw new TemplateSyntaxError('tests cannot be chained with is', this.current());
      args = { ...args, positional: [this.parsePostfix(this.parsePrimary())] };
    }
    const test = node('Is', name, left, name.value, args);
    return negated ? node('Not', name, test) : test;
  }

  /** A name, or names in a tuple, to be written to. */
  protected parseTarget(ends: () => boolean): Target {
    const items: Target[] = [];
    let tuple = false;
    for (;;) {
      if (ends()) break;
      items.push(this.parseOneTarget());
      if (!this.skipOperator(',')) break;
      tuple = true;
    }
    const [first] = items;
    if (first === undefined) throw this.unexpected('a name');
    return tuple ? { targets: items } : first;
  }

  private parseOneTarget(): Target {
    if (this.isOperator('(')) {
      this.take();
      const inner = this.parseTarget(() => this.isOperator(')'));
      this.expectOperator(')');
      return inner;
    }
    const token = this.expectName('a name');
    if (Object.hasOwn(CONSTANTS, token.value)) {
      throw new TemplateSyntaxError(`${token.value} cannot be written to`, token);
    }
    return { name: token.value };
  }
}
