import type { JinjaContext, JinjaTemplate, SymbolUse } from '../jinja/types.js';
import { RollcallError } from '../lib/errors.js';
import type { Lines } from '../model/lines.js';
import type { CompiledText } from './compile-mjml.js';
import { resolveLocale } from './locale.js';
import { createSource, type SourceFile } from './source.js';

/** A variable that a template uses, with the file it stands in. */
export interface TemplateSymbol extends SymbolUse {
  readonly file: string;
}

interface RenderedMessage {
  /** One line. */
  readonly subject: string;
  readonly html: Lines;
  /** Lines end with LF. */
  readonly text: string;
}

/** A template ready to be rendered for many people. */
export interface MessageTemplate {
  readonly name: string;
  /** Every variable of every locale, at its place in the source. */
  readonly symbols: readonly TemplateSymbol[];
  /** The locales that have a file of their own, lower-case. */
  readonly locales: readonly string[];
  /** `de-AT` → de-at, else de, else undefined, which is the plain files. Accepts preferredLanguage's list (RFC 2798 §2.7). */
  resolveLocale(wanted: string | undefined): string | undefined;
  /** True where the message of that locale shows link.qr, so that the picture must be attached. */
  usesQr(locale: string | undefined): boolean;
  /**
   * Renders one person's message. `link.qr` in the context is the picture's `cid:` URL.
   * @throws RollcallError of the template language, with facts line and column in the source file.
   */
  render(locale: string | undefined, context: JinjaContext): RenderedMessage;
}

/** A compiled file with what is needed to name a place in its source. */
export interface Part {
  readonly template: JinjaTemplate;
  readonly source: SourceFile;
  readonly compiled: CompiledText;
}

export interface LocaleParts {
  readonly subject: Part;
  readonly html: Part;
  readonly text: Part;
  /** What the HTML says of its language, lower-case. */
  readonly language: string | undefined;
}

/** Renders a part; an error in compiled HTML is told at its place in the source. */
function rendered<Text>(
  { template, source, compiled }: Part,
  render: (template: JinjaTemplate) => Text,
): Text {
  try {
    return render(template);
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    const { line, column } = error.facts;
    if (typeof line !== 'number' || typeof column !== 'number') throw error;
    const offset = createSource('', compiled.text).offsetOf({ line, column });
    const origin = compiled.origins.find(({ start, end }) => offset >= start && offset < end);
    const place = origin ? source.at(origin.source + offset - origin.start) : { line, column };
    throw new RollcallError(error.code, error.message, {
      hint: error.hint,
      problems: error.problems,
      cause: error,
      facts: { ...error.facts, file: source.file, ...place },
    });
  }
}

/** A value with a line break in it must not begin a header of its own (RFC 5322 §2.2), nor hide text by control characters. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** Conditions leave blank lines behind. */
function tidy(text: string): string {
  return `${text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** Builds the template from its compiled parts; '' is the plain one. */
export function createMessageTemplate(
  name: string,
  parts: ReadonlyMap<string, LocaleParts>,
  symbols: readonly TemplateSymbol[],
): MessageTemplate {
  const language = parts.get('')?.language;
  const locales = [...parts.keys()].filter((locale) => locale !== '');
  const resolve = (wanted: string | undefined) => resolveLocale(wanted, locales, language);
  const partsFor = (locale: string | undefined): LocaleParts => {
    const found = parts.get(resolve(locale) ?? '');
    if (!found)
      throw new RollcallError('ROLLCALL_ERR_INTERNAL', `The template ${name} has no plain message.`);
    return found;
  };
  const qr = new Map(
    [...parts].map(([locale, { html }]) => [
      locale,
      html.template.symbols.some(({ path }) => path.join('.') === 'link.qr'),
    ]),
  );
  return {
    name,
    symbols,
    locales,
    resolveLocale: resolve,
    usesQr: (locale) => qr.get(resolve(locale) ?? '') ?? false,
    render(locale, context) {
      const { subject, html, text } = partsFor(locale);
      const whole = (part: Part) => rendered(part, (template) => template.render(context));
      const line = oneLine(whole(subject));
      if (line === '') {
        throw new RollcallError('ROLLCALL_ERR_TEMPLATE_SUBJECT', 'The subject is empty for this person.', {
          facts: { file: subject.source.file },
        });
      }
      return {
        subject: line,
        html: rendered(html, (template) => template.renderLines(context)),
        text: tidy(whole(text)),
      };
    },
  };
}
