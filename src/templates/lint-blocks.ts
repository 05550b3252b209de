import type { Report } from './source.js';
import type { Token } from './tokens.js';

/** Blocks that have an end. `set` is one only without an equals sign, `raw` and `verbatim` are found by the lexer. */
const WITH_END = new Set([
  'if',
  'for',
  'macro',
  'call',
  'filter',
  'with',
  'autoescape',
  'set',
  'raw',
  'verbatim',
]);
const MIDDLES: Readonly<Record<string, readonly string[]>> = {
  elif: ['if'],
  elseif: ['if'],
  else: ['if', 'for'],
};

const CODE = 'ROLLCALL_ERR_TEMPLATE_SYNTAX';

/**
 * Checks that each `{% if %}` has its `{% endif %}`. The template language finds that out only at the end of the file; the
 * place to mend is where the block begins. False where something was wrong.
 */
export function lintBlocks(tokens: readonly Token[], report: Report): boolean {
  // A tag that does not exist is for the template language to name; with it, nothing can be said of the others.
  const strange = ({ kind, keyword }: Token) =>
    kind === 'block' &&
    !WITH_END.has(keyword) &&
    !MIDDLES[keyword] &&
    !WITH_END.has(keyword.replace(/^end/, ''));
  if (tokens.some(strange)) return true;
  const open: Token[] = [];
  let sound = true;
  const fault = (token: Token, message: string) => {
    sound = false;
    report(token.start, CODE, message);
  };
  for (const token of tokens) {
    if (token.kind !== 'block') continue;
    const { keyword, text } = token;
    const isOneLine = keyword === 'set' && text.includes('=');
    const needs = MIDDLES[keyword];
    const current = open.at(-1);
    if (WITH_END.has(keyword) && !isOneLine) {
      open.push(token);
    } else if (needs && !needs.includes(current?.keyword ?? '')) {
      fault(token, `{% ${keyword} %} without {% ${needs[0]} %}`);
    } else if (keyword.startsWith('end')) {
      const begun = keyword.slice(3);
      if (!WITH_END.has(begun)) continue;
      if (current?.keyword === begun) {
        open.pop();
      } else if (open.some((other) => other.keyword === begun)) {
        while (open.at(-1)?.keyword !== begun) {
          const inner = open.pop();
          if (inner) fault(inner, `{% ${inner.keyword} %} is not ended before {% ${keyword} %}`);
        }
        open.pop();
      } else {
        fault(token, `{% ${keyword} %} ends nothing: there is no {% ${begun} %} open here`);
      }
    }
  }
  for (const token of open)
    fault(token, `{% ${token.keyword} %} is never ended: {% end${token.keyword} %} is missing`);
  return sound;
}
