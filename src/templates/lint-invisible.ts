import type { TemplateText } from './template-text.js';

/** Characters that turn the direction of what follows them: harmless in running text only where they are meant (UAX #9). */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;
const UNSEEN = /[\u00AD\u200B-\u200F\u2060\uFEFF]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for.
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

const named = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Finds what nobody sees in an editor: characters pasted along with a text, or put there to deceive. */
export function lintInvisible({ source, parts, report }: TemplateText): void {
  for (const found of source.text.matchAll(TURNING))
    report(
      found.index,
      'ROLLCALL_ERR_TEMPLATE_MARKUP',
      `The invisible character ${named(found[0])} turns the direction of the text`,
      { severity: 'warning', hint: 'Delete it, or write dir="rtl" on an element of its own.' },
    );
  for (const found of source.text.matchAll(CONTROL))
    report(
      found.index,
      'ROLLCALL_ERR_TEMPLATE_MARKUP',
      `The control character ${named(found[0])} stands here`,
      {
        hint: 'Delete it.',
      },
    );
  for (const part of parts) {
    if (part.kind !== 'open') continue;
    for (const { name, valueStart, valueEnd } of part.attributes) {
      if (name !== 'href' && name !== 'src') continue;
      for (const found of source.text.slice(valueStart, valueEnd).matchAll(UNSEEN))
        report(
          valueStart + found.index,
          'ROLLCALL_ERR_TEMPLATE_LINK',
          `The invisible character ${named(found[0])} in "${name}" of <${part.name}> makes another address of it`,
          { hint: 'Delete it.' },
        );
    }
  }
}
