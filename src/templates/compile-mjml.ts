import type { Problem } from '../lib/errors.js';
import { messageOf } from '../lib/errors.js';
import type { MjmlCache } from './mjml-cache.js';
import { reporter, type SourceFile } from './source.js';
import { findTokens, type Token } from './tokens.js';

/** Compiled text with the way back from each token in it to the source. */
export interface CompiledText {
  readonly text: string;
  /** Where tokens of the source stand in `text`, by offset, ascending. */
  readonly origins: readonly { readonly start: number; readonly end: number; readonly source: number }[];
}

/** A text in which every token is replaced by a word that no tool on the way to HTML changes. */
export interface Sheltered {
  readonly text: string;
  readonly tokens: readonly Token[];
  restore(text: string): CompiledText;
}

/** Takes the tokens of a source into shelter; its comments are left out, but for their line breaks. */
export function shelterTokens(source: string): Sheltered {
  const { tokens } = findTokens(source);
  let word = 'rctoken';
  while (source.toLowerCase().includes(word)) word += 'x';
  let text = '';
  let position = 0;
  tokens.forEach((token, index) => {
    text += source.slice(position, token.start);
    text += token.kind === 'comment' ? token.text.replace(/[^\n]/g, '') : `${word}${index}q`;
    position = token.end;
  });
  text += source.slice(position);
  return {
    text,
    tokens,
    restore(compiled) {
      const origins: { start: number; end: number; source: number }[] = [];
      let restored = '';
      let from = 0;
      for (const found of compiled.matchAll(new RegExp(`${word}(\\d+)q`, 'g'))) {
        const token = tokens[Number(found[1])];
        if (!token) continue;
        const before = compiled.slice(from, found.index);
        const end = found.index + found[0].length;
        // A block that has a line to itself leaves the indent before it on an otherwise empty line of the mail.
        const isAlone = token.kind === 'block' && compiled[end] === '\n' && /\n[ \t]*$/.test(before);
        restored += isAlone ? before.replace(/[ \t]+$/, '') : before;
        origins.push({
          start: restored.length,
          end: restored.length + token.text.length,
          source: token.start,
        });
        restored += token.text;
        from = end;
      }
      return { text: restored + compiled.slice(from), origins };
    },
  };
}

/** Names tokens that are in the source and not in what was compiled from it, or conditions that are there twice. */
function checkTokensKept(
  source: SourceFile,
  sheltered: Sheltered,
  compiled: CompiledText,
  problems: Problem[],
): void {
  const report = reporter(source, problems);
  const counts = new Map<number, number>();
  for (const origin of compiled.origins) counts.set(origin.source, (counts.get(origin.source) ?? 0) + 1);
  const title = /<mj-title[\s\S]*?<\/mj-title/.exec(source.text);
  for (const token of sheltered.tokens) {
    if (token.kind === 'comment') continue;
    const count = counts.get(token.start) ?? 0;
    // MJML writes the title twice: into <title> and into the body's aria-label.
    const doubled = title && token.start > title.index && token.start < title.index + title[0].length;
    if (count === 0) {
      report(token.start, 'ROLLCALL_ERR_TEMPLATE_TOKEN', `MJML drops ${token.text.split('\n')[0]} here`, {
        hint: 'Put it into <mj-text> or <mj-raw>.',
      });
    } else if (count > 1 && token.kind === 'block' && !doubled) {
      report(
        token.start,
        'ROLLCALL_ERR_TEMPLATE_TOKEN',
        `MJML writes ${token.text.split('\n')[0]} ${count} times here`,
        {
          hint: 'Put the condition into <mj-raw> around the element.',
        },
      );
    }
  }
}

interface ValidationFault {
  readonly line: number;
  readonly message: string;
  readonly tagName: string;
}

function faultsOf(error: unknown): readonly ValidationFault[] {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return [];
  return error.errors.filter(
    (fault: unknown): fault is ValidationFault =>
      typeof fault === 'object' &&
      fault !== null &&
      'line' in fault &&
      'message' in fault &&
      'tagName' in fault,
  );
}

async function toHtml(mjml: string): Promise<string> {
  const { default: mjml2html } = await import('mjml');
  const { html } = await mjml2html(mjml, {
    fonts: {},
    keepComments: false,
    minify: false,
    beautify: false,
    ignoreIncludes: true,
    validationLevel: 'strict',
  });
  return html;
}

/**
 * Compiles an MJML file to HTML, once. MJML is imported only here, since that alone takes most of a second: whatever
 * can be found without it has been found before.
 */
export async function compileMjml(
  source: SourceFile,
  problems: Problem[],
  cache: MjmlCache | undefined,
): Promise<CompiledText | undefined> {
  const sheltered = shelterTokens(source.text);
  const compile = () => toHtml(sheltered.text);
  try {
    const html = await (cache?.html(sheltered.text, compile) ?? compile());
    // MJML leaves blanks at the ends of lines, and a mail with such lines could not go as the plain ASCII that most are.
    const compiled = sheltered.restore(html.trim().replace(/[ \t]+$/gm, ''));
    checkTokensKept(source, sheltered, compiled, problems);
    return compiled;
  } catch (error) {
    const report = reporter(source, problems);
    const faults = faultsOf(error);
    for (const { line, tagName, message } of faults) {
      const start = source.offsetOf({ line, column: 1 });
      const tag = source.text.indexOf(`<${tagName}`, start);
      report(tag === -1 ? start : tag, 'ROLLCALL_ERR_TEMPLATE_MJML', `<${tagName}>: ${message}`);
    }
    if (faults.length === 0)
      report(0, 'ROLLCALL_ERR_TEMPLATE_MJML', `MJML cannot compile it: ${messageOf(error)}`);
    return undefined;
  }
}
