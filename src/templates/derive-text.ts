import type { Problem } from '../lib/errors.js';
import { type CompiledText, shelterTokens } from './compile-mjml.js';
import type { OpenTag } from './markup.js';
import { readMarkup } from './markup.js';
import { reporter, type SourceFile } from './source.js';
import { findTokens, maskTokens } from './tokens.js';

/** True where a token stands in running text, so that it must be in the text part too. */
function inRunningText(source: SourceFile, start: number): boolean {
  const { tokens } = findTokens(source.text);
  const { parts } = readMarkup(maskTokens(source.text, tokens));
  const unseen = new Set(['mj-title', 'mj-preview', 'title', 'mj-head', 'head']);
  const open: OpenTag[] = [];
  for (const part of parts) {
    if (part.kind === 'text' && start >= part.start && start < part.end) {
      return !open.some(({ name }) => unseen.has(name));
    }
    if (part.kind === 'open' && !part.selfClosed) open.push(part);
    if (part.kind === 'close') {
      const depth = open.findLastIndex(({ name }) => name === part.name);
      if (depth !== -1) open.length = depth;
    }
  }
  return false;
}

/** Makes the text part of a message from its compiled HTML, conditions and all, once for everybody. */
export async function deriveText(
  source: SourceFile,
  html: CompiledText,
  problems: Problem[],
): Promise<CompiledText | undefined> {
  // Imported only here: with message.txt nothing of it is needed.
  const { convert } = await import('html-to-text');
  const report = reporter(source, problems);
  const sheltered = shelterTokens(html.text);
  const text = convert(sheltered.text, {
    wordwrap: false,
    selectors: [
      // The preview that MJML hides would come first, and say what the text says again.
      { selector: 'div[style^="display:none"]', format: 'skip' },
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
      ...[1, 2, 3, 4, 5, 6].map((level) => ({ selector: `h${level}`, options: { uppercase: false } })),
    ],
  });
  const derived = sheltered.restore(`${text.trim()}\n`);
  if (derived.text.trim() === '') {
    report(0, 'ROLLCALL_ERR_TEMPLATE_TEXT', 'No text part can be made from the HTML: it has no words', {
      hint: 'Write message.txt.',
    });
    return undefined;
  }
  const toSource = new Map(html.origins.map((origin) => [origin.start, origin.source]));
  const kept = new Set(derived.origins.map((origin) => toSource.get(origin.source) ?? origin.source));
  for (const token of findTokens(source.text).tokens) {
    if (token.kind === 'block' && !kept.has(token.start) && inRunningText(source, token.start)) {
      report(
        token.start,
        'ROLLCALL_ERR_TEMPLATE_TEXT',
        `${token.text} is lost where the text part is made from the HTML`,
        {
          hint: 'Write message.txt.',
        },
      );
    }
  }
  return {
    text: derived.text,
    origins: derived.origins.map((origin) => ({
      ...origin,
      source: toSource.get(origin.source) ?? origin.source,
    })),
  };
}
