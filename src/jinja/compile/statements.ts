import { FixedLines } from '../../model/lines.js';
import { assignedNames, targetNames } from '../syntax/assigned.js';
import type {
  Body,
  CallBlockNode,
  Expression,
  ForNode,
  IfNode,
  MacroNode,
  OutputNode,
  Parameter,
  SetNode,
  Statement,
  Target,
  WithNode,
} from '../syntax/tree.js';
import { ExpressionWriter } from './expressions.js';
import { Scope } from './scope.js';

/** Fewer characters are put together with what surrounds them faster than they are kept apart. */
const WORTH_FIXING = 200;

/** What becomes of a template: the body of a function of `context` that fills `lines` and ends in `out`. */
interface Written {
  readonly code: string;
  /** What the code calls `fixed`. */
  readonly fixed: readonly FixedLines[];
}

/** Writes statements as JavaScript that appends to `out`. */
export class TemplateWriter extends ExpressionWriter {
  #code: string[] = [];
  readonly #fixed: FixedLines[] = [];
  /** Within a loop, or what is kept instead of printed: there `out` is all there is. */
  #isNested = false;

  template(body: Body): Written {
    this.#block(body, new Scope());
    return { code: this.#code.join('\n'), fixed: this.#fixed };
  }

  protected override capture(body: Body, scope: Scope): string {
    return `markup((()=>{let out="";${this.#nested(() => this.#block(body, new Scope(scope)))}return out;})())`;
  }

  #emit(line: string): void {
    this.#code.push(line);
  }

  /** The code that `write` emits, by itself. */
  #inside(write: () => void): string {
    const outer = this.#code;
    this.#code = [];
    write();
    const code = this.#code.join('\n');
    this.#code = outer;
    return code;
  }

  #nested(write: () => void): string {
    const wasNested = this.#isNested;
    this.#isNested = true;
    const code = this.#inside(write);
    this.#isNested = wasNested;
    return code;
  }

  /** The statements of a scope. What is set anywhere in it begins as what the scope around it, or the caller, has. */
  #block(body: Body | null, scope: Scope): void {
    for (const name of assignedNames(body)) {
      if (scope.binds(name)) continue;
      const id = this.id();
      const start = scope.find(name)?.id ?? this.fromContext(name, -1);
      this.#emit(`let ${id}=${start};`);
      scope.declare(name, id);
    }
    this.#statements(body, scope);
  }

  #statements(body: Body | null, scope: Scope): void {
    for (const statement of body?.children ?? []) this.#statement(statement, scope);
  }

  #statement(node: Statement, scope: Scope): void {
    switch (node.typename) {
      case 'Output':
        this.#output(node, scope);
        break;
      case 'If':
        this.#if(node, scope);
        break;
      case 'For':
        this.#for(node, scope);
        break;
      case 'Set':
        this.#set(node, scope);
        break;
      case 'With':
        this.#with(node, scope);
        break;
      case 'Macro':
        this.#macro(node, scope);
        break;
      case 'CallBlock':
        this.#callBlock(node, scope);
        break;
    }
  }

  #output({ children }: OutputNode, scope: Scope): void {
    for (const child of children) {
      if (child.typename === 'TemplateData') this.#text(child.value);
      else this.#emit(`${this.#at(child)}out+=print(${this.value(child, scope)});`);
    }
  }

  /** Text of the template's own: its whole lines are kept apart from those in which something else may stand. */
  #text(text: string): void {
    const start = text.indexOf('\n') + 1;
    const end = text.lastIndexOf('\n') + 1;
    if (this.#isNested || end - start < WORTH_FIXING) {
      this.#emit(`out+=${JSON.stringify(text)};`);
      return;
    }
    const number = this.#fixed.push(new FixedLines(text.slice(start, end))) - 1;
    const [before, after] = [text.slice(0, start), text.slice(end)].map((part) => JSON.stringify(part));
    this.#emit(`lines.push(out+${before},fixed[${number}]);out=${after};`);
  }

  /** Notes where the template is, for errors that know no better place. */
  #at(node: Expression | Statement): string {
    return `place=${this.findings.place(node)};`;
  }

  #if(node: IfNode, scope: Scope): void {
    this.#emit(`${this.#at(node)}if(${this.condition(node.cond, scope)}){`);
    scope.branches([
      () => this.assuming(node.cond, () => this.#statements(node.body, scope)),
      () => {
        this.#emit('}else{');
        this.#statements(node.else_, scope);
      },
    ]);
    this.#emit('}');
  }

  #for(node: ForNode, scope: Scope): void {
    const [items, index, loop, item] = [this.id(), this.id(), this.id(), this.id()];
    this.#emit(`${this.#at(node)}let ${items}=iterate(${this.value(node.arr, scope)});`);
    if (node.test) {
      const inner = new Scope(scope);
      const test = this.#inside(() => this.#unpack(node.name, item, inner));
      const condition = this.condition(node.test, inner);
      this.#emit(`${items}=${items}.filter((${item})=>{${test}return ${condition};});`);
    }
    const body = new Scope(scope);
    this.#emit(`const ${loop}=loopOver(${items});`);
    this.#emit(`for(let ${index}=0;${index}<${items}.length;${index}++){`);
    this.#emit(`if(++steps>MAX_STEPS||out.length>MAX_OUTPUT)tooMuch();`);
    this.#emit(`${loop}.index0=${index};const ${item}=${items}[${index}];`);
    body.bind('loop', loop);
    this.#unpack(node.name, item, body);
    this.#emit(this.#nested(() => this.#block(node.body, body)));
    this.#emit('}');
    if (node.else_) {
      this.#emit(`if(${items}.length===0){`);
      this.#block(node.else_, new Scope(scope));
      this.#emit('}');
    }
  }

  /** New variables of the scope for a target. */
  #unpack(target: Target, value: string, scope: Scope): void {
    if ('name' in target) {
      const id = this.id();
      this.#emit(`let ${id}=${value};`);
      scope.bind(target.name, id);
      return;
    }
    const parts = this.id();
    this.#emit(`const ${parts}=unpack(${value},${target.targets.length});`);
    for (const [index, part] of target.targets.entries()) this.#unpack(part, `${parts}[${index}]`, scope);
  }

  #set(node: SetNode, scope: Scope): void {
    this.#emit(this.#at(node));
    const value = this.value(node.value, scope);
    if ('namespace' in node.target) {
      const { namespace, name } = node.target;
      this.#emit(`setAttribute(${this.value(namespace, scope)},${JSON.stringify(name)},${value});`);
    } else {
      this.#assign(node.target, value, scope);
    }
    for (const name of 'namespace' in node.target ? [] : targetNames(node.target)) scope.assign(name);
  }

  #assign(target: Target, value: string, scope: Scope): void {
    if ('name' in target) {
      this.#emit(`${scope.find(target.name)?.id ?? 'let unused'}=${value};`);
      return;
    }
    const parts = this.id();
    this.#emit(`const ${parts}=unpack(${value},${target.targets.length});`);
    for (const [index, part] of target.targets.entries()) this.#assign(part, `${parts}[${index}]`, scope);
  }

  #with(node: WithNode, scope: Scope): void {
    this.#emit(`{${this.#at(node)}`);
    const inner = new Scope(scope);
    const values = node.sets.map(({ target, value }) => {
      const id = this.id();
      this.#emit(`const ${id}=${this.value(value, scope)};`);
      return [target, id] as const;
    });
    for (const [target, id] of values) this.#unpack(target, id, inner);
    this.#block(node.body, inner);
    this.#emit('}');
  }

  #macro(node: MacroNode, scope: Scope): void {
    const id = scope.find(node.name)?.id;
    scope.assign(node.name);
    this.#emit(`${id}=${this.#callable(node.name, node.parameters, node.body, scope)};`);
  }

  #callBlock(node: CallBlockNode, scope: Scope): void {
    const caller = this.#callable('caller', node.parameters, node.body, scope);
    const { name, args } = node.call;
    const keywords = this.args(args, scope);
    this.#emit(`${this.#at(node)}out+=print(callWith(${this.value(name, scope)},${keywords},${caller}));`);
  }

  /** A macro: its arguments, given or by default, in a scope of their own. */
  #callable(name: string, parameters: readonly Parameter[], body: Body, scope: Scope): string {
    const inner = new Scope(scope, { deferred: true });
    const caller = this.id();
    inner.bind('caller', caller);
    const code = this.#nested(() => {
      for (const [index, { name: parameter, fallback }] of parameters.entries()) {
        const id = this.id();
        const otherwise = fallback
          ? this.value(fallback, inner)
          : `nothing(-1,${JSON.stringify(`the argument ${parameter} of ${name}`)})`;
        this.#emit(`let ${id}=given[${index}]===undefined?${otherwise}:given[${index}];`);
        inner.bind(parameter, id);
      }
      this.#block(body, inner);
    });
    const names = JSON.stringify(parameters.map((parameter) => parameter.name));
    return `macro(${JSON.stringify(name)},${names},(given,${caller})=>{let out="";${code}return markup(out);})`;
  }
}
