import type { SymbolUse } from '../jinja/types.js';
import type { TemplateText } from './template-text.js';
import { findTokens, type Token } from './tokens.js';

const SUBJECT = 'ROLLCALL_ERR_TEMPLATE_SUBJECT';
const TEXT = 'ROLLCALL_ERR_TEMPLATE_TEXT';
/** Longer subjects are cut off by every mail program; RFC 5322 §2.1.1 wants lines under 998. */
const LONG_SUBJECT = 150;

/** A text without its blocks and comments, which print nothing, offset for offset. */
function withoutBlocks(text: string, tokens: readonly Token[]): string {
  let result = text;
  for (const { kind, start, end } of tokens) {
    if (kind !== 'output') result = result.slice(0, start) + ' '.repeat(end - start) + result.slice(end);
  }
  return result;
}

function lintTags(text: TemplateText, code: typeof SUBJECT | typeof TEXT): void {
  const tag = text.parts.find(
    (part) =>
      (part.kind === 'open' || part.kind === 'close') &&
      /^(?:mj|mjml|html|body|p|a|b|i|br|div|span|strong|em|h[1-6]|table|tr|td|ul|ol|li|img)(?:-|$)/.test(
        part.name,
      ),
  );
  if (tag) {
    text.report(tag.start, code, 'This is HTML in a plain text: it is shown as it stands', {
      severity: 'warning',
    });
  }
  for (const token of text.tokens) {
    const escaping = /\|\s*(?:e|escape|forceescape)\b/.exec(token.text);
    if (escaping) {
      text.report(token.start + escaping.index, code, 'Escaping is for HTML: here it prints &amp; for &', {
        severity: 'warning',
      });
    }
  }
  const entity = /&(?:amp|lt|gt|quot|nbsp|[a-z]+uml|szlig|#\d+);/.exec(text.masked);
  if (entity) {
    text.report(entity.index, code, `"${entity[0]}" is shown as it stands in a plain text`, {
      severity: 'warning',
    });
  }
}

/** A subject is one line, not empty, and not longer than anybody reads. */
export function lintSubject(text: TemplateText): void {
  const visible = withoutBlocks(text.source.text, findTokens(text.source.text).tokens);
  const first = visible.search(/\S/);
  if (first === -1) {
    text.report(0, SUBJECT, 'The subject is empty', { hint: 'Write one line.' });
    return;
  }
  const second = /\n[^\S\n]*(?:\n[^\S\n]*)*(?=\S)/g;
  second.lastIndex = first;
  const found = second.exec(visible);
  if (found) {
    text.report(found.index + found[0].length, SUBJECT, 'The subject has a second line', {
      hint: 'A subject is one line: a second one would become a header of its own.',
    });
  }
  if (visible.trim().length > LONG_SUBJECT) {
    text.report(
      first,
      SUBJECT,
      `The subject is ${visible.trim().length} characters long: programs show about 60`,
      {
        severity: 'warning',
      },
    );
  }
  const control = /[^\P{Cc}\n\r\t]/u.exec(visible);
  if (control) text.report(control.index, SUBJECT, 'The subject has a control character in it');
  lintTags(text, SUBJECT);
}

/** A text part must have words, and the link that the HTML part has: some people see nothing else. */
export function lintTextPart(text: TemplateText, html: readonly SymbolUse[]): void {
  const visible = withoutBlocks(text.source.text, text.tokens);
  if (visible.trim() === '') {
    text.report(0, TEXT, 'The text part is empty', {
      hint: 'Write it, or delete the file: then it is made from the HTML part.',
    });
    return;
  }
  lintTags(text, TEXT);
  const glued = /\{\{-?\s*link\.uri\s*\}\}(?=[.,;:!?)\]'"\w])/.exec(text.source.text);
  if (glued) {
    text.report(
      glued.index + glued[0].length,
      TEXT,
      'What stands directly after the link is taken for a part of it',
      {
        hint: 'Put the link on a line of its own.',
        severity: 'warning',
      },
    );
  }
  const uses = (symbols: readonly SymbolUse[], wanted: RegExp) =>
    symbols.some(({ path }) => wanted.test(path.join('.')));
  const fields = /^link\.(?!qr$)/;
  const htmlLink = uses(html, /^link\.(?:uri|qr)$/);
  if (htmlLink ? !uses(text.symbols, /^link\.uri$/) : uses(html, /^link\./) && !uses(text.symbols, fields)) {
    const last = Math.max(0, text.source.text.trimEnd().length - 1);
    text.report(last, TEXT, 'The link of the HTML part is missing from the text part', {
      hint: 'Add {{ link.uri }} on a line of its own.',
    });
  }
}
