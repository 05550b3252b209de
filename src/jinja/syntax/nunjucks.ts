import nunjucks from 'nunjucks';
import type { Place, Token } from './tokens.js';

/**
 * The parts of Nunjucks 3.2.4 that its types leave out: the parser and its syntax tree. Nothing of them is
 * patched: they are subclassed, so other users of Nunjucks in this process are not touched.
 */

/** A node of the syntax tree; places are counted from 0. */
export interface TreeNode extends Place {
  readonly typename: string;
}

type NodeClass = new (lineno: number, colno: number, ...fields: readonly unknown[]) => TreeNode;

interface NodeBase {
  extend(name: string, properties: { readonly fields: readonly string[] }): NodeClass;
}

interface ParserBase {
  breakOnBlocks: readonly string[] | null;
  nextToken(): Token | undefined;
  peekToken(): Token | undefined;
  skipSymbol(name: string): boolean;
  skipValue(type: string, value: string): boolean;
  /** Parses until one of these tags, which is left to be read. */
  parseUntilBlocks(...names: readonly string[]): TreeNode;
  parseAsRoot(): TreeNode;
}

interface Internals {
  readonly parser: {
    readonly Parser: new (tokens: { nextToken(): Token | undefined }) => ParserBase;
  };
  readonly nodes: { readonly Node: NodeBase } & Readonly<
    Record<
      | 'NodeList'
      | 'Literal'
      | 'Symbol'
      | 'Array'
      | 'Dict'
      | 'Pair'
      | 'LookupVal'
      | 'If'
      | 'InlineIf'
      | 'For'
      | 'Macro'
      | 'FunCall'
      | 'Filter'
      | 'Is'
      | 'Set'
      | 'Output'
      | 'Capture'
      | 'TemplateData'
      | 'Or'
      | 'And'
      | 'Not'
      | 'Concat'
      | 'Neg'
      | 'Pos'
      | 'Compare'
      | 'CompareOperand',
      NodeClass
    >
  >;
}

// The package's types describe its templates' face only; a contract test holds what is relied on here.
const internals = nunjucks as unknown as Internals;

export const { Parser } = internals.parser;
export const { nodes } = internals;
