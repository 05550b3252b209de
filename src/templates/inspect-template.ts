import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Compiled, Jinja, JinjaTemplate } from '../jinja/types.js';
import { didYouMean } from '../lib/closest.js';
import { messageOf, type Problem } from '../lib/errors.js';
import { lintBlocks } from './lint-blocks.js';
import { lintHasLink, lintLanguage } from './lint-document.js';
import { lintEntities } from './lint-entities.js';
import { lintHtml, lintNoMjml } from './lint-html.js';
import { lintInvisible } from './lint-invisible.js';
import { lintLinkFilters, lintLiteralSchemes } from './lint-links.js';
import { lintMjml } from './lint-mjml.js';
import { lintEscaping, lintQrPlaces, lintSecrets } from './lint-secrets.js';
import { lintSubject, lintTextPart } from './lint-text.js';
import { localeChain } from './locale.js';
import type { TemplateSymbol } from './message-template.js';
import type { MjmlCache } from './mjml-cache.js';
import { checkNesting } from './nesting.js';
import { roughSymbols } from './rough-symbols.js';
import { reporter, type SourceFile } from './source.js';
import { readTemplateFiles, type TemplateFiles } from './template-files.js';
import { lintBraces, readTemplateText, type TemplateText } from './template-text.js';
import { findTokens } from './tokens.js';

export interface TemplateOptions {
  /** The folder of all templates (`paths.templates`). */
  readonly dir: string;
  readonly name: string;
  readonly jinja: Jinja;
  /** Without one MJML is compiled each time. */
  readonly cache?: MjmlCache | undefined;
}

/** A file of a template after inspection; `template` only where its own language has no fault. */
export interface InspectedFile {
  readonly source: SourceFile;
  readonly template?: JinjaTemplate;
  /** Only where its braces match. */
  readonly text?: TemplateText;
}

export interface InspectedTemplate {
  readonly name: string;
  readonly html: ReadonlyMap<string, InspectedFile>;
  readonly text: ReadonlyMap<string, InspectedFile>;
  readonly subject: ReadonlyMap<string, InspectedFile>;
  readonly symbols: readonly TemplateSymbol[];
}

/** A message that is tried again is rendered again, under the same Message-ID: it must say the same. */
function checkPure({ source, template }: InspectedFile, problems: Problem[]): void {
  for (const { name, line, column } of template?.impure ?? []) {
    problems.push({
      severity: 'error',
      code: 'ROLLCALL_ERR_IMPURE',
      message: `${name} gives another result each time: a message tried again would say something else`,
      file: source.file,
      line,
      column,
    });
  }
}

function inspectFile(
  source: SourceFile,
  autoescape: boolean,
  options: TemplateOptions,
  problems: Problem[],
): InspectedFile {
  if (!lintBraces(source, problems)) return { source };
  const { tokens } = findTokens(source.text);
  const sound = lintBlocks(tokens, reporter(source, problems));
  const compiled: Compiled = sound
    ? options.jinja.compile(source.text, { file: source.file, autoescape })
    : { problems: [] };
  problems.push(...compiled.problems);
  const file: InspectedFile = {
    source,
    ...(compiled.template ? { template: compiled.template } : {}),
    text: readTemplateText(
      source,
      compiled.template?.symbols ?? roughSymbols(source, tokens),
      autoescape,
      problems,
    ),
  };
  checkPure(file, problems);
  return file;
}

function lintMessage(text: TemplateText, locale: string, problems: Problem[]): void {
  const isMjml = text.source.file.toLowerCase().endsWith('.mjml');
  if (text.sound) checkNesting(text.parts, text.tokens, text.report);
  if (!isMjml) lintNoMjml(text);
  else if (text.sound) lintMjml(text);
  lintHtml(text);
  lintEntities(text);
  lintInvisible(text);
  lintLiteralSchemes(text);
  lintSecrets(text, 'html');
  lintQrPlaces(text);
  lintEscaping(text);
  lintLinkFilters(text);
  lintLanguage(text, locale);
  lintHasLink(text);
  if (!isMjml && text.source.text.trim() === '') {
    reporter(text.source, problems)(0, 'ROLLCALL_ERR_TEMPLATE_MISSING', 'The message is empty');
  }
}

/** The file that a locale gets: its own, its language's, or the plain one. */
export function fileFor<T>(files: ReadonlyMap<string, T>, locale: string): T | undefined {
  for (const step of localeChain(locale)) {
    const file = files.get(step);
    if (file) return file;
  }
  return files.get('');
}

async function findFiles(
  { dir, name }: TemplateOptions,
  problems: Problem[],
): Promise<TemplateFiles | undefined> {
  if (name !== basename(name) || name.startsWith('.') || name === '') {
    problems.push({
      severity: 'error',
      code: 'ROLLCALL_ERR_TEMPLATE_MISSING',
      message: `"${name}" is no name of a template`,
      hint: 'A template is named by its folder in paths.templates.',
    });
    return undefined;
  }
  try {
    return await readTemplateFiles(join(dir, name), problems);
  } catch (error) {
    const others = await readdir(dir).catch(() => []);
    problems.push({
      severity: 'error',
      code: 'ROLLCALL_ERR_TEMPLATE_MISSING',
      message: `The template "${name}" cannot be read from ${dir}: ${messageOf(error)}`,
      hint:
        didYouMean(name, others) ??
        `There ${others.length > 0 ? `are ${others.join(', ')}` : 'are no templates'}.`,
    });
    return undefined;
  }
}

/**
 * Reads a template and finds everything that is wrong with its files without compiling MJML, so in some milliseconds. What
 * is found stands in the source, at line and column.
 */
export async function inspectTemplate(
  options: TemplateOptions,
): Promise<{ inspected?: InspectedTemplate; problems: Problem[] }> {
  const problems: Problem[] = [];
  const files = await findFiles(options, problems);
  if (!files) return { problems };
  const inspectAll = (sources: ReadonlyMap<string, SourceFile>, autoescape: boolean) =>
    new Map(
      [...sources].map(([locale, source]) => [locale, inspectFile(source, autoescape, options, problems)]),
    );
  const html = inspectAll(files.html, true);
  const text = inspectAll(files.text, false);
  const subject = inspectAll(files.subject, false);
  for (const [locale, file] of html) if (file.text) lintMessage(file.text, locale, problems);
  for (const [locale, file] of text) {
    const message = fileFor(html, locale);
    if (!file.text || !message?.text) continue;
    lintTextPart(file.text, message.text.symbols);
    lintQrPlaces(file.text);
    lintLinkFilters(file.text);
  }
  for (const file of subject.values()) {
    if (!file.text) continue;
    lintSubject(file.text);
    lintSecrets(file.text, 'subject');
    lintQrPlaces(file.text);
  }
  const symbols = [html, text, subject]
    .flatMap((kind) => [...kind.values()])
    .flatMap(({ source, template }) =>
      (template?.symbols ?? []).map((symbol) => ({ ...symbol, file: source.file })),
    );
  return { inspected: { name: options.name, html, text, subject, symbols }, problems: inOrder(problems) };
}

/** By file, line and column, without saying the same thing twice. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return [...problems]
    .sort(
      (a, b) =>
        (a.file ?? '').localeCompare(b.file ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    )
    .filter(({ file, line, column, code, message }) => {
      const key = JSON.stringify([file, line, column, code, message]);
      return !seen.has(key) && seen.add(key);
    });
}
