import { attributeOf, type OpenTag } from './markup.js';
import type { TemplateText } from './template-text.js';

const ACCESS = 'ROLLCALL_ERR_TEMPLATE_LANGUAGE';

/** Screen readers choose their voice by `lang`; a message in one language marked as another is read as gibberish. */
export function lintLanguage(text: TemplateText, locale: string): void {
  const root = text.parts.find(
    (part): part is OpenTag => part.kind === 'open' && (part.name === 'mjml' || part.name === 'html'),
  );
  if (!root) return;
  const lang = attributeOf(root, 'lang');
  const value = lang && text.source.text.slice(lang.valueStart, lang.valueEnd).trim();
  if (!lang || !value) {
    text.report(root.start, ACCESS, `<${root.name}> does not say its language`, {
      hint: `Write <${root.name} lang="${locale || 'en'}">.`,
      severity: 'warning',
    });
  } else if (locale !== '' && value.split('-')[0]?.toLowerCase() !== locale.split('-')[0]?.toLowerCase()) {
    text.report(lang.valueStart, ACCESS, `The file is for "${locale}" and says lang="${value}"`, {
      severity: 'warning',
    });
  }
}

/** A mail without any link provisions nobody. */
export function lintHasLink(text: TemplateText): void {
  const linked =
    text.symbols.some(({ name }) => name === 'link') ||
    text.parts.some((part) => part.kind === 'open' && attributeOf(part, 'href') !== undefined);
  if (!linked) {
    text.report(0, 'ROLLCALL_ERR_TEMPLATE_LINK', 'The message has no link', {
      hint: 'Use {{ link.uri }} in a button or a link.',
      severity: 'warning',
    });
  }
}
