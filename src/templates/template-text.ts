import type { SymbolUse } from '../jinja/types.js';
import type { Problem } from '../lib/errors.js';
import { type Markup, readMarkup } from './markup.js';
import { type Report, reporter, type SourceFile } from './source.js';
import { findTokens, maskTokens, type Token } from './tokens.js';

/** A file of a template, read into its tokens and tags: what the lint rules look at. */
export interface TemplateText {
  readonly source: SourceFile;
  readonly tokens: readonly Token[];
  /** The text with its tokens masked, offset for offset. */
  readonly masked: string;
  readonly parts: readonly Markup[];
  readonly symbols: readonly SymbolUse[];
  readonly report: Report;
  /** True where its tags could be read to the end, so that their nesting can be judged. */
  readonly sound: boolean;
}

const NAMES = String.raw`(?:device_(?:alias|username|password|email)|(?:link|vars|match|campaign)\.\w+|givenName|displayName|uid|mail|cn|sn)`;

/** What other template languages write, and what is left of this one's braces by a slip: it would be printed as it stands. */
const LOOKALIKES = [
  new RegExp(String.raw`(?<!\{)[$#]?\{\s*(?:\{\s+)?\$?(${NAMES})\s*(?:\}\s+)?\}(?!\})`, 'g'),
  new RegExp(String.raw`\[\[\s*(${NAMES})\s*\]\]`, 'g'),
  new RegExp(String.raw`<%=?\s*(${NAMES})\s*%>`, 'g'),
  new RegExp(String.raw`(?<!\w)%(${NAMES})%(?!\w)`, 'g'),
  new RegExp(String.raw`\*\|(${NAMES})\|\*`, 'gi'),
  new RegExp(String.raw`«\s*(${NAMES})\s*»`, 'gi'),
  new RegExp(String.raw`<\?(?:php|=)?\s*(?:echo\s+)?\$?(${NAMES})\s*;?\s*\?>`, 'g'),
];

function lintLookalikes(masked: string, report: Report): void {
  for (const pattern of LOOKALIKES) {
    for (const found of masked.matchAll(pattern)) {
      report(found.index, 'ROLLCALL_ERR_TEMPLATE_SYNTAX', `"${found[0]}" would be printed as it stands`, {
        hint: `Write {{ ${found[1]} }}.`,
      });
    }
  }
  for (const found of masked.matchAll(/\{\s+%[^{}]*%\s*\}|\{\s*%[^{}]*%\s+\}/g)) {
    report(
      found.index,
      'ROLLCALL_ERR_TEMPLATE_SYNTAX',
      `"${found[0]}" is no block: the brace and the % belong together`,
      {
        hint: 'Write {% … %}.',
      },
    );
  }
}

/** Finds tokens that do not end and braces that do nothing. False where the file cannot be read further because of it. */
export function lintBraces(source: SourceFile, problems: Problem[]): boolean {
  const report = reporter(source, problems);
  const { tokens, unclosed } = findTokens(source.text);
  for (const { start, text } of unclosed) {
    report(start, 'ROLLCALL_ERR_TEMPLATE_SYNTAX', `"${text}" is never closed`, {
      hint: `Close it with "${text === '{{' ? '}}' : text === '{%' ? '%}' : '#}'}".`,
    });
  }
  for (const { start, text } of tokens) {
    const name = /^\{\{\{\s*([\w.]+)/.exec(text)?.[1];
    if (name !== undefined)
      report(start, 'ROLLCALL_ERR_TEMPLATE_SYNTAX', 'Three braces mean nothing here', {
        hint: `Write {{ ${name} }}.`,
      });
  }
  const masked = maskTokens(source.text, tokens);
  if (unclosed.length === 0) {
    const stray = /\}\}|%\}|#\}/g;
    const styles = [...masked.matchAll(/<(mj-)?style[\s\S]*?<\/(mj-)?style/g)];
    for (const found of masked.matchAll(stray)) {
      const inStyle = styles.some(
        (style) => found.index > style.index && found.index < style.index + style[0].length,
      );
      if (inStyle || /\{% *(?:raw|verbatim)/.test(source.text)) continue;
      report(
        found.index,
        'ROLLCALL_ERR_TEMPLATE_SYNTAX',
        `"${found[0]}" closes nothing and would be printed`,
      );
    }
  }
  if (unclosed.length === 0) lintLookalikes(masked, report);
  return unclosed.length === 0;
}

/** Reads a file's tokens and tags; what is malformed within a tag is reported only of HTML, since text may say "1 < 2". */
export function readTemplateText(
  source: SourceFile,
  symbols: readonly SymbolUse[],
  isHtml: boolean,
  problems: Problem[],
): TemplateText {
  const { tokens } = findTokens(source.text);
  const masked = maskTokens(source.text, tokens);
  const report = reporter(source, problems);
  const { parts, faults } = readMarkup(masked);
  if (isHtml) for (const { start, message } of faults) report(start, 'ROLLCALL_ERR_TEMPLATE_MARKUP', message);
  return { source, tokens, masked, parts, symbols, report, sound: !faults.some(({ derails }) => derails) };
}

/** The variables used within a range of a file. */
export function symbolsWithin(text: TemplateText, start: number, end: number): readonly SymbolUse[] {
  return text.symbols.filter((symbol) => {
    const offset = text.source.offsetOf(symbol);
    return offset >= start && offset < end;
  });
}
