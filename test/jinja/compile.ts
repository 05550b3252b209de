import { createJinja, type JinjaOptions } from '../../src/jinja/jinja.js';
import type { JinjaContext, JinjaTemplate } from '../../src/jinja/types.js';
import { RollcallError } from '../../src/lib/errors.js';

const at = { file: 'mail.html', autoescape: false };

/** Compiles what has no problems. */
export function compile(source: string, autoescape = false, options: JinjaOptions = {}): JinjaTemplate {
  const { template, problems } = createJinja(options).compile(source, { ...at, autoescape });
  if (template === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return template;
}

export function render(source: string, context: JinjaContext = {}, autoescape = false): string {
  return compile(source, autoescape).render(context);
}

/** The problems as `line:column code message hint`. */
export function problemsOf(
  source: string,
  more: { readonly line?: number; readonly column?: number } = {},
): string[] {
  const { problems } = createJinja().compile(source, { ...at, ...more });
  return problems.map(({ line, column, code, message, hint }) =>
    [`${line}:${column} ${code.replace('ROLLCALL_ERR_', '')} ${message}`, hint].filter(Boolean).join(' | '),
  );
}

/** The error that a render throws. */
export function failure(source: string, context: JinjaContext = {}): RollcallError {
  const template = compile(source);
  try {
    template.render(context);
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
  throw new Error('it was rendered');
}
