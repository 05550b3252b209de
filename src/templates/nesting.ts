import { checkContent } from './content-model.js';
import type { Markup, OpenTag } from './markup.js';
import type { Report } from './source.js';
import type { Token } from './tokens.js';

/** HTML elements that never have a closing tag. */
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

const CODE = 'ROLLCALL_ERR_TEMPLATE_MARKUP';

/**
 * Finds tags that are not closed, closed twice or crossed, which MJML passes and mail programs each mend in their own way.
 * Every branch of an `if` is followed: tags that a branch opens must be opened by its other branches too.
 */
export function checkNesting(parts: readonly Markup[], tokens: readonly Token[], report: Report): void {
  let stack: OpenTag[] = [];
  const branches: { before: OpenTag[]; first: OpenTag[] | undefined; start: number }[] = [];

  /** Crossed tags are told once, where the inner one begins. */
  const crossed: string[] = [];

  const close = (name: string, start: number) => {
    const depth = stack.findLastIndex((tag) => tag.name === name);
    if (depth === -1) {
      const told = crossed.indexOf(name);
      if (told !== -1) {
        crossed.splice(told, 1);
        return;
      }
      if (VOID.has(name)) report(start, CODE, `</${name}> closes an element that has no closing tag`);
      else report(start, CODE, `</${name}> closes nothing: there is no <${name}> open here`);
      return;
    }
    for (const left of stack.splice(depth).slice(1)) {
      crossed.push(left.name);
      report(left.start, CODE, `<${left.name}> is not closed before </${name}>`, {
        hint: `Add </${left.name}>, or mend the order of the closing tags.`,
      });
    }
  };
  const branch = (token: Token) => {
    const current = branches.at(-1);
    if (token.keyword === 'if') {
      branches.push({ before: [...stack], first: undefined, start: token.start });
    } else if (
      current &&
      (token.keyword === 'elif' || token.keyword === 'elseif' || token.keyword === 'else')
    ) {
      current.first ??= stack;
      stack = [...current.before];
    } else if (current && token.keyword === 'endif') {
      branches.pop();
      const names = (tags: readonly OpenTag[]) => tags.map((tag) => tag.name).join('>');
      if (current.first && names(current.first) !== names(stack)) {
        report(current.start, CODE, 'The branches of this condition leave different tags open', {
          hint: 'Open and close each tag within one branch.',
        });
        stack = current.first;
      }
    }
  };

  const blocks = tokens.filter((token) => token.kind === 'block');
  let next = 0;
  for (const part of parts) {
    for (let block = blocks[next]; block && block.start < part.start; block = blocks[++next]) branch(block);
    if (part.kind === 'open') {
      checkContent(part, stack, report);
      if (part.selfClosed && !VOID.has(part.name) && !/^(mj|v:|o:|w:)/.test(part.name)) {
        report(part.start, CODE, `<${part.name}/> is not closed by its slash in HTML`, {
          hint: `Write <${part.name}></${part.name}>.`,
        });
      } else if (!part.selfClosed && !VOID.has(part.name)) {
        stack.push(part);
      }
    } else if (part.kind === 'close') {
      close(part.name, part.start);
    }
  }
  for (const block of blocks.slice(next)) branch(block);
  for (const left of stack)
    report(left.start, CODE, `<${left.name}> is never closed`, { hint: `Add </${left.name}>.` });
}
