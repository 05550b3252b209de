import { messageOf, RollcallError } from '../../lib/errors.js';
import { bind } from '../builtins/bind.js';
import type { Builtin, Environment } from '../builtins/environment.js';
import { LimitError, PyError, typeError, UndefinedError, valueError } from '../errors.js';
import type { HostValue, JinjaContext } from '../types.js';
import { compare } from '../values/compare.js';
import { Dict, fromHost } from '../values/dict.js';
import { attribute, setAttribute, subscript } from '../values/lookup.js';
import { SafeMarkup } from '../values/markup.js';
import { Callable, Float, LoopState, Tuple, Undefined } from '../values/objects.js';
import * as operators from '../values/operators.js';
import { iterate, slice } from '../values/sequences.js';
import { str } from '../values/text.js';
import { typeName } from '../values/type-name.js';
import { type Kwargs, noKwargs, type Value } from '../values/types.js';
import type { Names } from './expressions.js';
import type { Position } from './findings.js';

const { add, concat, defined, divide, escapeValue, floorDivide, modulo, multiply, power, subtract, truth } =
  operators;

type Lazy = () => Value;

/** A render that goes through more than this is not meant. */
const MAX_STEPS = 1_000_000;
const MAX_OUTPUT = 20_000_000;

/** The helpers that generated code calls: everything a template can do. */
export function createRuntime(environment: Environment, names: Names) {
  const { autoescape } = environment;
  const functions = bindAll(names.functions, environment);

  return {
    MAX_STEPS,
    MAX_OUTPUT,
    noKwargs,
    functions,
    attribute,
    subscript,
    setAttribute,
    iterate,
    truth,
    defined,
    compare,
    negative: operators.negative,
    positive: operators.positive,
    arithmetic: {
      '+': add,
      '-': subtract,
      '*': multiply,
      '/': divide,
      '//': floorDivide,
      '%': modulo,
      '**': power,
    },
    print: autoescape ? escapeValue : str,
    concat: (values: readonly Value[]) => concat(values, autoescape),
    markup: (text: string): Value => (autoescape ? new SafeMarkup(text) : text),
    float: (value: number) => new Float(value),
    tuple: (items: readonly Value[]) => new Tuple(items),
    dict: (pairs: readonly (readonly [Value, Value])[]) => new Dict(pairs),
    nothing: (place: number, what = 'the else that is not written') => new Undefined(what, false, place),
    loopOver: (items: readonly Value[]) => new LoopState(items),
    or: (left: Value, right: Lazy) => (truth(left) ? left : right()),
    and: (left: Value, right: Lazy) => (truth(left) ? right() : left),
    look,
    slice: (target: Value, start?: Value, stop?: Value, step?: Value) =>
      slice(defined(target), operators.bound(start), operators.bound(stop), operators.bound(step)),
    chain(first: Value, steps: readonly (readonly [string, Lazy])[]): boolean {
      let left = first;
      for (const [operator, next] of steps) {
        const right = next();
        if (!compare(operator, left, right)) return false;
        left = right;
      }
      return true;
    },
    call,
    callWith: (callee: Value, args: readonly Value[], kwargs: Kwargs, caller: Value) =>
      call(callee, args, new Map([...kwargs, ['caller', caller]])),
    spread: (value: Value) => iterate(defined(value)),
    spreadKeywords: (value: Value) => keywordsOf(defined(value)),
    filter: (name: string, args: readonly Value[], kwargs: Kwargs) =>
      apply(environment, name, names.filters[name], args, kwargs),
    test: (name: string, args: readonly Value[], kwargs: Kwargs) =>
      apply(environment, `the test ${name}`, names.tests[name], args, kwargs),
    unpack(value: Value, size: number): readonly Value[] {
      const items = iterate(defined(value));
      if (items.length !== size) {
        throw valueError(`${size} values are wanted for ${size} names, and there are ${items.length}`);
      }
      return items;
    },
    macro,
    tooMuch(): never {
      throw new LimitError('more than 1,000,000 turns of a loop, or 20 million characters');
    },
  };
}

export type Runtime = ReturnType<typeof createRuntime>;

function look(context: JinjaContext, name: string, place: number): Value {
  const found: HostValue = Object.hasOwn(context, name) ? context[name] : undefined;
  return found === undefined ? new Undefined(name, true, place) : fromHost(found);
}

function call(callee: Value, args: readonly Value[], kwargs: Kwargs): Value {
  if (!(callee instanceof Callable)) {
    defined(callee);
    throw typeError(`a value of type ${typeName(callee)} cannot be called`);
  }
  if (!callee.takesUndefined) {
    for (const arg of args) defined(arg);
    for (const value of kwargs.values()) defined(value);
  }
  return callee.call(args, kwargs);
}

function keywordsOf(value: Value): readonly (readonly [string, Value])[] {
  if (!(value instanceof Dict)) throw typeError('** wants a dict');
  return value.entries().map(([key, item]) => [str(key), item]);
}

function bindAll(
  builtins: Readonly<Record<string, Builtin>>,
  environment: Environment,
): Readonly<Record<string, Callable>> {
  const bound = Object.entries(builtins).map(
    ([name, builtin]) =>
      [name, new Callable(name, (args, kwargs) => apply(environment, name, builtin, args, kwargs))] as const,
  );
  return Object.fromEntries(bound);
}

function apply(
  environment: Environment,
  name: string,
  builtin: Builtin | undefined,
  args: readonly Value[],
  kwargs: Kwargs,
): Value {
  if (builtin === undefined) throw typeError(`there is no ${name}`);
  const { parameters, variadic, run } = builtin;
  const given: readonly (Value | undefined)[] = variadic
    ? [...args.slice(0, parameters.length), new Tuple(args.slice(parameters.length)), new Dict([...kwargs])]
    : bind(name, parameters, args, kwargs);
  if (builtin.undefined !== 'any') {
    for (const [index, value] of given.entries()) {
      // Jinja2's Undefined is the empty text for what takes text; what a person lacks never is.
      const quiet =
        builtin.undefined === 'quiet' && index === 0 && value instanceof Undefined && !value.strict;
      if (value !== undefined && !quiet) defined(value);
    }
  }
  return run(environment, given);
}

/** A macro, whose arguments are given by position or by name. */
function macro(
  name: string,
  parameters: readonly string[],
  run: (given: readonly (Value | undefined)[], caller: Value) => Value,
): Callable {
  return new Callable(
    name,
    (args, kwargs) => {
      const { caller, rest } = takeCaller(kwargs);
      const optional = parameters.map((parameter) => `${parameter}?`);
      return run(bind(name, optional, args, rest), caller ?? new Undefined(`caller of ${name}`, false));
    },
    { takesUndefined: true },
  );
}

function takeCaller(kwargs: Kwargs): { readonly caller: Value | undefined; readonly rest: Kwargs } {
  if (!kwargs.has('caller')) return { caller: undefined, rest: kwargs };
  const rest = new Map(kwargs);
  rest.delete('caller');
  return { caller: kwargs.get('caller'), rest };
}

/** What went wrong while rendering, as an error that users read, at its place. */
export function renderError(
  error: unknown,
  place: number,
  positions: readonly Position[],
  file: string,
): unknown {
  const own = error instanceof UndefinedError && error.place >= 0 ? error.place : place;
  const { line, column } = positions[own] ?? { line: 1, column: 1 };
  const at = { file, line, column };
  const where = `at ${file}:${line}:${column}`;
  const fail = (
    code: 'ROLLCALL_ERR_UNDEFINED_VARIABLE' | 'ROLLCALL_ERR_RENDER' | 'ROLLCALL_ERR_TEMPLATE_LIMIT',
    message: string,
    facts = {},
  ) =>
    new RollcallError(code, `${message}, ${where}`, {
      facts: { ...at, ...facts },
      problems: [{ severity: 'error', code, message, ...at }],
      cause: error,
    });
  if (error instanceof UndefinedError) {
    return fail('ROLLCALL_ERR_UNDEFINED_VARIABLE', `${error.what} is undefined`, { variable: error.what });
  }
  if (error instanceof PyError) return fail('ROLLCALL_ERR_RENDER', error.message, { kind: error.kind });
  if (error instanceof LimitError) return fail('ROLLCALL_ERR_TEMPLATE_LIMIT', error.message);
  if (error instanceof RangeError)
    return fail('ROLLCALL_ERR_TEMPLATE_LIMIT', `it goes too deep: ${messageOf(error)}`);
  return error;
}
