import type { Problem } from '../lib/errors.js';
import { type CompiledText, compileMjml } from './compile-mjml.js';
import { deriveText } from './derive-text.js';
import {
  fileFor,
  type InspectedFile,
  type InspectedTemplate,
  inOrder,
  inspectTemplate,
  type TemplateOptions,
} from './inspect-template.js';
import { attributeOf, type OpenTag } from './markup.js';
import {
  createMessageTemplate,
  type LocaleParts,
  type MessageTemplate,
  type Part,
} from './message-template.js';
import { reporter, type SourceFile } from './source.js';
import { findTokens } from './tokens.js';

/** Gmail cuts a message off at about 102 KB. */
const MAX_HTML_BYTES = 100 * 1024;

interface Result {
  readonly template?: MessageTemplate;
  readonly problems: Problem[];
}

const hasErrors = (problems: readonly Problem[]) => problems.some(({ severity }) => severity === 'error');

/** A text that is its own source. */
function asItIs(source: SourceFile): CompiledText {
  const origins = findTokens(source.text).tokens.map(({ start, end }) => ({ start, end, source: start }));
  return { text: source.text, origins };
}

function partOf(file: InspectedFile | undefined): Part | undefined {
  return file?.template && { template: file.template, source: file.source, compiled: asItIs(file.source) };
}

/** Compiles what was made from a source; its faults are told at the place in the source that they come from. */
function compilePart(
  source: SourceFile,
  compiled: CompiledText,
  autoescape: boolean,
  { jinja }: TemplateOptions,
  problems: Problem[],
): Part | undefined {
  const { template, problems: found } = jinja.compile(compiled.text, { file: source.file, autoescape });
  if (template) return { template, source, compiled };
  const report = reporter(source, problems);
  for (const { code, message } of found) {
    report(0, code, `After MJML: ${message}`, {
      hint: 'A condition and what it guards must stand in one <mj-text>, or both in <mj-raw>.',
    });
  }
  return undefined;
}

async function compileHtml(
  file: InspectedFile,
  options: TemplateOptions,
  problems: Problem[],
): Promise<Part | undefined> {
  const { source } = file;
  const isMjml = source.file.toLowerCase().endsWith('.mjml');
  const compiled = isMjml ? await compileMjml(source, problems, options.cache) : asItIs(source);
  if (!compiled) return undefined;
  const size = Buffer.byteLength(compiled.text);
  if (size > MAX_HTML_BYTES) {
    reporter(source, problems)(
      0,
      'ROLLCALL_ERR_TEMPLATE_SIZE',
      `The HTML has ${Math.ceil(size / 1024)} KB: Gmail cuts it off at about 100 KB`,
    );
  }
  return isMjml ? compilePart(source, compiled, true, options, problems) : partOf(file);
}

function languageOf(file: InspectedFile | undefined): string | undefined {
  const root = file?.text?.parts.find(
    (part): part is OpenTag => part.kind === 'open' && /^(?:mjml|html)$/.test(part.name),
  );
  const lang = root && attributeOf(root, 'lang');
  return lang && file?.source.text.slice(lang.valueStart, lang.valueEnd).trim().toLowerCase();
}

/**
 * Compiles an inspected template: MJML once a file, then the template language once a file. Takes most of a second for the first
 * template of a process, since MJML is imported here.
 */
export async function compileTemplate(
  inspected: InspectedTemplate,
  options: TemplateOptions,
): Promise<Result> {
  const problems: Problem[] = [];
  const html = new Map<string, Part>();
  const derived = new Map<string, Part>();
  for (const [locale, file] of inspected.html) {
    const part = await compileHtml(file, options, problems);
    if (!part) continue;
    html.set(locale, part);
    if (fileFor(inspected.text, locale)) continue;
    const text = await deriveText(part.source, part.compiled, problems);
    const compiled = text && compilePart(part.source, text, false, options, problems);
    if (compiled) derived.set(locale, compiled);
  }
  if (hasErrors(problems)) return { problems: inOrder(problems) };
  const locales = new Set([
    '',
    ...inspected.html.keys(),
    ...inspected.text.keys(),
    ...inspected.subject.keys(),
  ]);
  const parts = new Map<string, LocaleParts>();
  for (const locale of locales) {
    const subject = partOf(fileFor(inspected.subject, locale));
    const message = fileFor(html, locale);
    const text = partOf(fileFor(inspected.text, locale)) ?? fileFor(derived, locale);
    if (subject && message && text) {
      parts.set(locale, {
        subject,
        html: message,
        text,
        language: languageOf(fileFor(inspected.html, locale)),
      });
    }
  }
  return {
    template: createMessageTemplate(inspected.name, parts, inspected.symbols),
    problems: inOrder(problems),
  };
}

/**
 * Opens a template: {@link inspectTemplate}, and only if that finds no error {@link compileTemplate}. Warnings do not keep it
 * from being used.
 */
export async function openTemplate(options: TemplateOptions): Promise<Result> {
  const { inspected, problems } = await inspectTemplate(options);
  if (!inspected || hasErrors(problems)) return { problems };
  const compiled = await compileTemplate(inspected, options);
  return { ...compiled, problems: inOrder([...problems, ...compiled.problems]) };
}
