import { didYouMean } from '../../lib/closest.js';
import { ExpressionParser } from './expressions.js';
import type { TreeNode } from './nunjucks.js';
import { nodes } from './nunjucks.js';
import type { Tokens } from './token-reader.js';
import { TemplateSyntaxError, type Token } from './tokens.js';
import { type Body, type CallBlockNode, node, type Parameter, type Statement } from './tree.js';

const TAGS =
  'if elif else endif for endfor set endset with endwith macro endmacro call endcall filter endfilter raw endraw'.split(
    ' ',
  );
const FILES = new Set(['include', 'extends', 'import', 'from', 'block']);

/** Reads a template into its tree. What is wrong inside one `{{ }}` is noted, and the rest is read. */
export class TemplateParser extends ExpressionParser {
  readonly problems: TemplateSyntaxError[] = [];

  constructor(tokens: readonly Token[]) {
    super(stream(tokens));
  }

  /** The whole template. */
  parseTemplate(): Body {
    return this.parseAsRoot() as Body; // parseNodes fills it with statements only
  }

  /** What Nunjucks calls for a body: all up to the end, or to one of the tags asked for. */
  protected parseNodes(): TreeNode[] {
    const found: Statement[] = [];
    for (;;) {
      const token = this.peekToken();
      if (token === undefined) return found;
      this.nextToken();
      if (token.type === 'data') {
        found.push(node('Output', token, [node('TemplateData', token, token.value)]));
      } else if (token.type === 'variable-start') {
        const output = this.parseOutput();
        if (output !== undefined) found.push(output);
      } else if (this.breakOnBlocks?.includes(this.current().value)) {
        return found;
      } else {
        found.push(this.parseTag(token));
        this.endTag();
      }
    }
  }

  private parseOutput(): Statement | undefined {
    const token = this.current();
    try {
      const value = this.parseTuple(token, () => this.current().type === 'variable-end', false);
      if (this.current().type !== 'variable-end') throw this.unexpected('}}');
      this.take();
      return node('Output', token, [value]);
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      this.problems.push(error);
      for (let next = this.peekToken(); next !== undefined; next = this.peekToken()) {
        this.nextToken();
        if (next.type === 'variable-end') break;
      }
      return undefined;
    }
  }

  private endTag(): void {
    if (this.current().type !== 'block-end') throw this.unexpected('the end of the tag, %}');
    this.take();
  }

  private parseTag(open: Token): Statement {
    const tag = this.expectName('the name of a tag');
    switch (tag.value) {
      case 'if':
        return this.parseIf(open);
      case 'for':
        return this.parseFor(open);
      case 'set':
        return this.parseSet(open);
      case 'with':
        return this.parseWith(open);
      case 'macro':
        return this.parseMacro(open);
      case 'call':
        return this.parseCallBlock(open);
      case 'filter':
        return this.parseFilterBlock(open);
    }
    throw this.unknownTag(tag);
  }

  private unknownTag(tag: Token): TemplateSyntaxError {
    const { value } = tag;
    const code = 'ROLLCALL_ERR_TEMPLATE_TAG';
    if (FILES.has(value)) {
      const hint = 'Write its content here: each template is one file.';
      return new TemplateSyntaxError(`{% ${value} %} is not there: a template is one file of its own`, tag, {
        code,
        hint,
      });
    }
    const looking = this.breakOnBlocks?.find((name) => name.startsWith('end'));
    if (value.startsWith('end') || value === 'else' || value === 'elif') {
      const wanted = looking === undefined ? 'nothing is open' : `{% ${looking} %} is expected`;
      return new TemplateSyntaxError(`{% ${value} %} closes nothing here: ${wanted}`, tag);
    }
    const hint = didYouMean(value, TAGS);
    return new TemplateSyntaxError(`there is no tag ${value}`, tag, { code, ...(hint && { hint }) });
  }

  /** The body up to one of the tags, which must come before the template ends; gives the tag that came. */
  private parseBody(open: Token, opened: string, ...until: readonly string[]): readonly [Body, Token] {
    this.endTag();
    // Nunjucks gives a NodeList of what parseNodes found.
    const body = this.parseUntilBlocks(...until) as Body;
    if (this.peekToken() === undefined) {
      const end = until.at(-1) ?? '';
      throw new TemplateSyntaxError(`{% ${opened} %} is never closed`, open, {
        hint: `Close it with {% ${end} %}.`,
      });
    }
    return [body, this.take()];
  }

  private parseIf(open: Token): Statement {
    const cond = this.parseTuple(
      open,
      () => this.current().type === 'block-end',
      false,
      () => this.parseOr(),
    );
    const [body, next] = this.parseBody(open, 'if', 'elif', 'else', 'endif');
    if (next.value === 'elif') {
      const rest = this.parseIf(open);
      return node('If', open, cond, body, new nodes.NodeList(next.lineno, next.colno, [rest]));
    }
    const else_ = next.value === 'else' ? this.parseBody(open, 'if', 'endif')[0] : null;
    return node('If', open, cond, body, else_);
  }

  private parseFor(open: Token): Statement {
    const target = this.parseTarget(() => this.isName('in'));
    if (!this.skipSymbol('in')) throw this.unexpected('in');
    const items = this.parseTuple(
      open,
      () => this.isName('recursive') || this.current().type === 'block-end',
      false,
      () => this.parseOr(),
    );
    const test = this.skipSymbol('if') ? this.parseExpression() : null;
    if (this.isName('recursive')) {
      throw new TemplateSyntaxError('loops are not recursive here', this.current(), {
        code: 'ROLLCALL_ERR_TEMPLATE_TAG',
      });
    }
    const [body, next] = this.parseBody(open, 'for', 'else', 'endfor');
    const else_ = next.value === 'else' ? this.parseBody(open, 'for', 'endfor')[0] : null;
    return node('For', open, items, target, body, else_, test);
  }

  private parseSet(open: Token): Statement {
    const ends = () => this.isOperator('=', '|') || this.current().type === 'block-end';
    const first = this.current();
    if (this.source.upcoming()?.value === '.') {
      const namespace = node('Symbol', first, this.expectName('a name').value);
      this.expectOperator('.');
      const { value: name } = this.expectName('a name');
      return this.parseSetValue(open, { namespace, name });
    }
    return this.parseSetValue(open, this.parseTarget(ends));
  }

  private parseSetValue(open: Token, target: unknown): Statement {
    if (this.skipOperator('=')) {
      const value = this.parseTuple(open, () => this.current().type === 'block-end', false);
      return node('Set', open, target, value);
    }
    // {% set x | upper %}…{% endset %}: the filters stand before what they are given, which is filled in when it is read.
    const content: Statement[] = [];
    const value = this.parseFilterChain(
      node('Capture', open, new nodes.NodeList(open.lineno, open.colno, content)),
    );
    content.push(...this.parseBody(open, 'set', 'endset')[0].children);
    return node('Set', open, target, value);
  }

  private parseWith(open: Token): Statement {
    const sets = [];
    while (this.current().type !== 'block-end') {
      if (sets.length > 0) this.expectOperator(',');
      const target = this.parseTarget(() => this.isOperator('='));
      this.expectOperator('=');
      sets.push({ target, value: this.parseExpression() });
    }
    return node('With', open, sets, this.parseBody(open, 'with', 'endwith')[0]);
  }

  private parseMacro(open: Token): Statement {
    const { value: name } = this.expectName('the name of the macro');
    const parameters = this.parseParameters();
    return node('Macro', open, name, parameters, this.parseBody(open, 'macro', 'endmacro')[0]);
  }

  private parseCallBlock(open: Token): CallBlockNode {
    const parameters = this.isOperator('(') ? this.parseParameters() : [];
    const place = this.current();
    const call = this.parseExpression();
    if (call.typename !== 'FunCall') throw new TemplateSyntaxError('expected a call of a macro', place);
    return node('CallBlock', open, call, parameters, this.parseBody(open, 'call', 'endcall')[0]);
  }

  private parseFilterBlock(open: Token): Statement {
    const content: Statement[] = [];
    const capture = node('Capture', open, new nodes.NodeList(open.lineno, open.colno, content));
    const value = this.parseFilterChain(this.parseOneFilter(capture));
    content.push(...this.parseBody(open, 'filter', 'endfilter')[0].children);
    return node('Output', open, [value]);
  }

  private parseParameters(): Parameter[] {
    this.expectOperator('(');
    const parameters: Parameter[] = [];
    while (!this.isOperator(')')) {
      if (parameters.length > 0) this.expectOperator(',');
      const { value: name } = this.expectName('the name of an argument');
      const fallback = this.skipOperator('=') ? this.parseExpression() : null;
      if (fallback === null && parameters.at(-1)?.fallback) {
        throw new TemplateSyntaxError(
          'an argument without a default follows one with a default',
          this.current(),
        );
      }
      parameters.push({ name, fallback });
    }
    this.expectOperator(')');
    return parameters;
  }
}

function stream(tokens: readonly Token[]): Tokens {
  let at = 0;
  return {
    nextToken: () => tokens[at++],
    upcoming: () => tokens[at],
    last: () => tokens.at(-1),
  };
}
