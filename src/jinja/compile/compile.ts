import { type FixedLines, type Lines, textOf } from '../../model/lines.js';
import type { Environment } from '../builtins/environment.js';
import { tokenize } from '../syntax/lexer.js';
import { TemplateParser } from '../syntax/parser.js';
import { TemplateSyntaxError } from '../syntax/tokens.js';
import type { Body } from '../syntax/tree.js';
import type { CompileAt, Compiled, JinjaContext } from '../types.js';
import type { Names } from './expressions.js';
import { Findings } from './findings.js';
import { createRuntime, type Runtime, renderError } from './runtime.js';
import { TemplateWriter } from './statements.js';

type Fail = (error: unknown, place: number) => unknown;
type Make = (runtime: Runtime, fail: Fail, fixed: readonly FixedLines[]) => (context: JinjaContext) => Lines;

/** Compiles a template; all that is wrong with it is told at once. */
export function compile(source: string, at: CompileAt, names: Names, environment: Environment): Compiled {
  const findings = new Findings(at);
  const body = parse(source, findings);
  const { code, fixed } = new TemplateWriter(names, findings).template(body);
  const { problems, impure, positions } = findings;
  // In the order of the source, which is not the order in which a conditional expression is written out.
  const symbols = findings.symbols.toSorted((a, b) => a.line - b.line || a.column - b.column);
  if (problems.length > 0) return { problems };
  const fail: Fail = (error, place) => renderError(error, place, positions, at.file);
  const renderLines = make(code)(createRuntime(environment, names), fail, fixed);
  const render = (context: JinjaContext) => textOf(renderLines(context));
  return { template: { render, renderLines, symbols, impure }, problems };
}

function parse(source: string, findings: Findings): Body {
  const note = ({ code, message, place, hint }: TemplateSyntaxError): void =>
    findings.problem(code, message, place, hint);
  try {
    const parser = new TemplateParser(tokenize(source));
    try {
      return parser.parseTemplate();
    } finally {
      parser.problems.forEach(note);
    }
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    note(error);
    return new TemplateParser([]).parseTemplate();
  }
}

/** Templates are code of the admin's, and become code: only names that the writer makes and JSON are in it. */
function make(code: string): Make {
  return new Function(
    'runtime',
    'fail',
    'fixed',
    `"use strict";
const {MAX_STEPS,MAX_OUTPUT,noKwargs,functions,attribute,subscript,setAttribute,iterate,truth,defined,compare,negative,positive,arithmetic,print,concat,markup,float,tuple,dict,nothing,loopOver,or,and,look,slice,chain,call,callWith,spread,spreadKeywords,filter,test,unpack,macro,tooMuch}=runtime;
return (context)=>{let out="",place=0,steps=0;const lines=[];try{
${code}
lines.push(out);return lines;}catch(error){throw fail(error,place);}};`,
  ) as Make; // new Function knows no types
}
