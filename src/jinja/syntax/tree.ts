import type { Float } from '../values/objects.js';
import { nodes, type TreeNode } from './nunjucks.js';
import type { Place } from './tokens.js';

/** The syntax tree: Nunjucks' nodes, and a few for what Jinja2 has and Nunjucks has not. */

interface Of<Name extends string> extends TreeNode {
  readonly typename: Name;
}

export interface Literal extends Of<'Literal'> {
  readonly value: string | number | bigint | boolean | null | Float;
}
export interface SymbolNode extends Of<'Symbol'> {
  readonly value: string;
}
export interface ListNode extends Of<'Array'> {
  readonly children: readonly Expression[];
}
export interface TupleNode extends Of<'Tuple'> {
  readonly items: readonly Expression[];
}
export interface DictNode extends Of<'Dict'> {
  readonly children: readonly PairNode[];
}
export interface PairNode extends Of<'Pair'> {
  readonly key: Expression;
  readonly value: Expression;
}
export interface LookupNode extends Of<'LookupVal'> {
  readonly target: Expression;
  readonly val: Expression;
  /** Written with a dot: methods before keys. */
  readonly dotted: boolean;
}
export interface SliceNode extends Of<'Slice'> {
  readonly target: Expression;
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}
export interface Keyword {
  readonly name: string;
  readonly value: Expression;
}
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
  /** `*args` and `**kwargs`. */
  readonly rest: Expression | null;
  readonly restKeywords: Expression | null;
}
export interface CallNode extends Of<'FunCall'> {
  readonly name: Expression;
  readonly args: Arguments;
}
export interface FilterNode extends Of<'Filter'> {
  readonly name: string;
  readonly args: Arguments;
  /** What is filtered; a capture of a `{% filter %}` block or a `{% set %}` block has none of its own. */
  readonly target: Expression;
}
export interface TestNode extends Of<'Is'> {
  readonly left: Expression;
  readonly name: string;
  readonly args: Arguments;
}
export interface BinaryNode extends Of<'Binary'> {
  readonly operator: '+' | '-' | '*' | '/' | '//' | '%' | '**';
  readonly left: Expression;
  readonly right: Expression;
}
export interface LogicNode extends Of<'Or' | 'And'> {
  readonly left: Expression;
  readonly right: Expression;
}
export interface UnaryNode extends Of<'Not' | 'Neg' | 'Pos'> {
  readonly target: Expression;
}
export interface ConcatNode extends Of<'Join'> {
  readonly items: readonly Expression[];
}
export interface CompareNode extends Of<'Compare'> {
  readonly expr: Expression;
  readonly ops: readonly OperandNode[];
}
export interface OperandNode extends Of<'CompareOperand'> {
  readonly expr: Expression;
  readonly type: string;
}
export interface InlineIfNode extends Of<'InlineIf'> {
  readonly cond: Expression;
  readonly body: Expression;
  readonly else_: Expression | null;
}
export interface CaptureNode extends Of<'Capture'> {
  readonly body: Body;
}

export type Expression =
  | Literal
  | SymbolNode
  | ListNode
  | TupleNode
  | DictNode
  | LookupNode
  | SliceNode
  | CallNode
  | FilterNode
  | TestNode
  | BinaryNode
  | LogicNode
  | UnaryNode
  | ConcatNode
  | CompareNode
  | InlineIfNode
  | CaptureNode;

export interface Body extends TreeNode {
  readonly children: readonly Statement[];
}
export interface DataNode extends Of<'TemplateData'> {
  readonly value: string;
}
export interface OutputNode extends Of<'Output'> {
  readonly children: readonly (DataNode | Expression)[];
}
export interface IfNode extends Of<'If'> {
  readonly cond: Expression;
  readonly body: Body;
  readonly else_: Body | null;
}
export interface ForNode extends Of<'For'> {
  readonly arr: Expression;
  readonly name: Target;
  readonly body: Body;
  readonly else_: Body | null;
  readonly test: Expression | null;
}
export interface SetNode extends Of<'Set'> {
  readonly target: Target | NamespaceTarget;
  readonly value: Expression;
}
export interface WithNode extends Of<'With'> {
  readonly sets: readonly { readonly target: Target; readonly value: Expression }[];
  readonly body: Body;
}
export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | null;
}
export interface MacroNode extends Of<'Macro'> {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}
export interface CallBlockNode extends Of<'CallBlock'> {
  readonly call: CallNode;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}

export type Statement = OutputNode | IfNode | ForNode | SetNode | WithNode | MacroNode | CallBlockNode;

/** Names that are written to: one, or a tuple of such. */
export type Target = { readonly name: string } | { readonly targets: readonly Target[] };
export interface NamespaceTarget {
  readonly namespace: SymbolNode;
  readonly name: string;
}

const extra = {
  Tuple: nodes.Node.extend('Tuple', { fields: ['items'] }),
  Slice: nodes.Node.extend('Slice', { fields: ['target', 'start', 'stop', 'step'] }),
  LookupVal: nodes.Node.extend('LookupVal', { fields: ['target', 'val', 'dotted'] }),
  Filter: nodes.Node.extend('Filter', { fields: ['name', 'args', 'target'] }),
  Is: nodes.Node.extend('Is', { fields: ['left', 'name', 'args'] }),
  Binary: nodes.Node.extend('Binary', { fields: ['operator', 'left', 'right'] }),
  Join: nodes.Node.extend('Join', { fields: ['items'] }),
  For: nodes.Node.extend('For', { fields: ['arr', 'name', 'body', 'else_', 'test'] }),
  Set: nodes.Node.extend('Set', { fields: ['target', 'value'] }),
  With: nodes.Node.extend('With', { fields: ['sets', 'body'] }),
  Macro: nodes.Node.extend('Macro', { fields: ['name', 'parameters', 'body'] }),
  CallBlock: nodes.Node.extend('CallBlock', { fields: ['call', 'parameters', 'body'] }),
};

const classes = { ...nodes, ...extra };

type AnyNode = Expression | Statement | PairNode | OperandNode | DataNode;
type Named<Name extends AnyNode['typename']> = Extract<AnyNode, { readonly typename: Name }>;
type ClassName = Exclude<keyof typeof classes, 'Node'> & AnyNode['typename'];

/** Makes a node; the fields are in the order of its class. */
export function node<Name extends ClassName>(
  name: Name,
  place: Place,
  ...fields: readonly unknown[]
): Named<Name> {
  // Nunjucks' classes are untyped; the interfaces above say what each holds.
  return new classes[name](place.lineno, place.colno, ...fields) as Named<Name>;
}
