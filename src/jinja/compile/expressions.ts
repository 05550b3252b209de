import type { Builtin } from '../builtins/environment.js';
import type { Place } from '../syntax/tokens.js';
import type {
  Arguments,
  Body,
  Expression,
  FilterNode,
  LookupNode,
  SymbolNode,
  TestNode,
} from '../syntax/tree.js';
import { Float } from '../values/objects.js';
import type { Findings } from './findings.js';
import type { Scope } from './scope.js';

/** The names that a template may use. */
export interface Names {
  readonly filters: Readonly<Record<string, Builtin>>;
  readonly functions: Readonly<Record<string, Builtin>>;
  readonly tests: Readonly<Record<string, Builtin>>;
}

/** How the value of an expression is used: in a condition, being undefined is no error. */
type Use = 'value' | 'condition';

/** Writes expressions as JavaScript: calls of the runtime's helpers, which compute as Python does. */
export class ExpressionWriter {
  protected readonly names: Names;
  protected readonly findings: Findings;
  /** Paths that an enclosing condition has found to be there: `{% if vars.helpdesk %}{{ vars.helpdesk }}{% endif %}`. */
  #tested: ReadonlySet<string> = new Set();
  #ids = 0;

  constructor(names: Names, findings: Findings) {
    this.names = names;
    this.findings = findings;
  }

  protected id(): string {
    return `v${++this.#ids}`;
  }

  /** A body that is kept instead of printed; the statements' writer knows how. */
  protected capture(_body: Body, _scope: Scope): string {
    throw new Error('a capture outside of statements');
  }

  value(node: Expression, scope: Scope, use: Use = 'value'): string {
    const write = (child: Expression): string => this.value(child, scope);
    const place = (): number => this.findings.place(node);
    switch (node.typename) {
      case 'Literal':
        return literal(node.value);
      case 'Symbol':
        return this.symbol(node, [node.value], node, scope, use);
      case 'LookupVal':
        return this.lookup(node, scope, use);
      case 'Slice': {
        const bounds = [node.start, node.stop, node.step].map((bound) =>
          bound ? write(bound) : 'undefined',
        );
        return `slice(${write(node.target)},${bounds.join()})`;
      }
      case 'Array':
        return `[${node.children.map((child) => `defined(${write(child)})`).join()}]`;
      case 'Tuple':
        return `tuple([${node.items.map((child) => `defined(${write(child)})`).join()}])`;
      case 'Dict': {
        const pairs = node.children.map(
          ({ key, value }) => `[defined(${write(key)}),defined(${write(value)})]`,
        );
        return `dict([${pairs.join()}])`;
      }
      case 'FunCall':
        return `call(${this.callee(node.name, scope)},${this.args(node.args, scope)})`;
      case 'Filter':
        return this.filter(node, scope);
      case 'Is':
        return this.test(node, scope);
      case 'Binary':
        return `arithmetic[${JSON.stringify(node.operator)}](${write(node.left)},${write(node.right)})`;
      case 'Join':
        return `concat([${node.items.map(write).join()}])`;
      case 'Or':
        return `or(${this.value(node.left, scope, 'condition')},()=>${this.value(node.right, scope, use)})`;
      case 'And':
        return `and(${this.value(node.left, scope, use)},()=>${this.value(node.right, scope, use)})`;
      case 'Not':
        return `!truth(${this.value(node.target, scope, 'condition')})`;
      case 'Neg':
        return `negative(${write(node.target)})`;
      case 'Pos':
        return `positive(${write(node.target)})`;
      case 'Compare': {
        const [first, ...rest] = node.ops;
        if (first === undefined) return write(node.expr);
        if (rest.length === 0)
          return `compare(${JSON.stringify(first.type)},${write(node.expr)},${write(first.expr)})`;
        const steps = node.ops.map(({ type, expr }) => `[${JSON.stringify(type)},()=>${write(expr)}]`);
        return `chain(${write(node.expr)},[${steps.join()}])`;
      }
      case 'InlineIf': {
        const otherwise = node.else_ ? this.value(node.else_, scope, use) : `nothing(${place()})`;
        const body = this.assuming(node.cond, () => this.value(node.body, scope, use));
        return `(${this.condition(node.cond, scope)}?${body}:${otherwise})`;
      }
      case 'Capture':
        return this.capture(node.body, scope);
    }
  }

  condition(node: Expression, scope: Scope): string {
    return `truth(${this.value(node, scope, 'condition')})`;
  }

  /** Writes what runs only where the condition holds. */
  protected assuming<Written>(condition: Expression, write: () => Written): Written {
    const before = this.#tested;
    this.#tested = new Set([...before, ...pathsTested(condition)]);
    try {
      return write();
    } finally {
      this.#tested = before;
    }
  }

  /** The variable of a root name, noting its use where the template does not make it itself. */
  private symbol(root: SymbolNode, path: readonly string[], at: Place, scope: Scope, use: Use): string {
    const name = root.value;
    const local = scope.find(name);
    if (local === undefined && Object.hasOwn(this.names.functions, name)) return this.function(name, root);
    if (!local?.certain) {
      const guarded = use === 'condition' || this.#tested.has(keyOf(path));
      this.findings.use({ name, path, guarded, maybeSet: local?.possible ?? false }, at);
    }
    return local ? local.id : this.fromContext(name, this.findings.place(root));
  }

  protected fromContext(name: string, place: number): string {
    return `look(context,${JSON.stringify(name)},${place})`;
  }

  private function(name: string, place: Place): string {
    if (this.names.functions[name]?.impure) this.findings.impureUse(name, place);
    return `functions[${JSON.stringify(name)}]`;
  }

  /** A chain of constant steps from a variable of the caller's is one variable; anything else is looked up as it comes. */
  private lookup(node: LookupNode, scope: Scope, use: Use): string {
    const path = pathOf(node);
    const root = path?.root;
    if (path === undefined || root === undefined || scope.find(root.value)?.certain) {
      return this.step(node, this.value(node.target, scope), scope, undefined);
    }
    return this.steps(node, path, scope, use);
  }

  private steps(node: LookupNode, { root, steps, written }: Path, scope: Scope, use: Use): string {
    const start = this.symbol(root, steps, root, scope, use);
    const write = (at: Expression): string => {
      if (at.typename !== 'LookupVal') return start;
      return this.step(at, write(at.target), scope, written.get(at));
    };
    return write(node);
  }

  private step(node: LookupNode, target: string, scope: Scope, path: string | undefined): string {
    const helper = node.dotted ? 'attribute' : 'subscript';
    return `${helper}(${target},${this.value(node.val, scope)},${this.findings.place(node)},${JSON.stringify(path)})`;
  }

  /** What is called: a method's own name is not part of the variable it is asked of. */
  private callee(node: Expression, scope: Scope): string {
    if (node.typename === 'Symbol' && !scope.find(node.value)) {
      const { functions, filters } = this.names;
      if (Object.hasOwn(functions, node.value)) return this.function(node.value, node);
      const hint = Object.hasOwn(filters, node.value)
        ? `It is a filter: write value|${node.value}.`
        : undefined;
      const names = [...Object.keys(functions), ...scope.names()];
      this.findings.unknown('ROLLCALL_ERR_UNKNOWN_FUNCTION', 'function', node.value, names, node, hint);
      return 'null';
    }
    if (node.typename === 'LookupVal' && node.dotted) {
      return this.step(node, this.value(node.target, scope), scope, undefined);
    }
    return this.value(node, scope);
  }

  protected args(args: Arguments, scope: Scope, first?: string): string {
    const positional = args.positional.map((arg) => this.value(arg, scope));
    if (first !== undefined) positional.unshift(first);
    if (args.rest) positional.push(`...spread(${this.value(args.rest, scope)})`);
    const keywords = args.keywords.map(
      ({ name, value }) => `[${JSON.stringify(name)},${this.value(value, scope)}]`,
    );
    if (args.restKeywords) keywords.push(`...spreadKeywords(${this.value(args.restKeywords, scope)})`);
    return `[${positional.join()}],${keywords.length > 0 ? `new Map([${keywords.join()}])` : 'noKwargs'}`;
  }

  private filter(node: FilterNode, scope: Scope): string {
    const { filters, functions } = this.names;
    const found = Object.hasOwn(filters, node.name) ? filters[node.name] : undefined;
    if (found === undefined) {
      const hint = Object.hasOwn(functions, node.name)
        ? `It is a function: write ${node.name}(…).`
        : undefined;
      this.findings.unknown(
        'ROLLCALL_ERR_UNKNOWN_FILTER',
        'filter',
        node.name,
        Object.keys(filters),
        node,
        hint,
      );
    }
    if (found?.impure) this.findings.impureUse(node.name, node);
    const use = node.name === 'default' ? 'condition' : 'value';
    const args = this.args(node.args, scope, this.value(node.target, scope, use));
    return `filter(${JSON.stringify(node.name)},${args})`;
  }

  private test(node: TestNode, scope: Scope): string {
    const { tests } = this.names;
    const found = Object.hasOwn(tests, node.name) ? tests[node.name] : undefined;
    if (found === undefined) {
      this.findings.unknown('ROLLCALL_ERR_UNKNOWN_TEST', 'test', node.name, Object.keys(tests), node);
    }
    const use = found?.undefined === 'any' ? 'condition' : 'value';
    return `test(${JSON.stringify(node.name)},${this.args(node.args, scope, this.value(node.left, scope, use))})`;
  }
}

interface Path {
  readonly root: SymbolNode;
  /** The names of the path; a position in a list ends it. */
  readonly steps: readonly string[];
  readonly ended: boolean;
  /** Each step of the chain as the template writes it up to there. */
  readonly written: ReadonlyMap<Expression, string>;
}

function pathOf(node: LookupNode): Path | undefined {
  const { target, val } = node;
  const before: Path | undefined =
    target.typename === 'Symbol'
      ? { root: target, steps: [target.value], ended: false, written: new Map() }
      : target.typename === 'LookupVal'
        ? pathOf(target)
        : undefined;
  if (before === undefined || val.typename !== 'Literal') return undefined;
  const key = val.value;
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  const prefix = before.written.get(target) ?? before.root.value;
  const text = node.dotted ? `${prefix}.${key}` : `${prefix}[${typeof key === 'string' ? `'${key}'` : key}]`;
  return {
    root: before.root,
    steps: typeof key === 'string' && !before.ended ? [...before.steps, key] : before.steps,
    ended: before.ended || typeof key === 'number',
    written: new Map(before.written).set(node, text),
  };
}

const keyOf = (path: readonly string[]): string => path.join('\0');

/** The variables without which a condition cannot hold. */
function pathsTested(condition: Expression): string[] {
  switch (condition.typename) {
    case 'Symbol':
      return [condition.value];
    case 'LookupVal': {
      const path = pathOf(condition);
      return path === undefined ? [] : [keyOf(path.steps)];
    }
    case 'And':
      return [...pathsTested(condition.left), ...pathsTested(condition.right)];
    case 'Is':
      return condition.name === 'defined' ? pathsTested(condition.left) : [];
    default:
      return [];
  }
}

function literal(value: string | number | bigint | boolean | null | Float): string {
  if (value instanceof Float) return `float(${Number.isFinite(value.value) ? value.value : 'Infinity'})`;
  if (typeof value === 'bigint') return `${value}n`;
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) =>
    char === '\u2028' ? '\\u2028' : '\\u2029',
  );
}
