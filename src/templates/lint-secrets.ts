import type { SymbolUse } from '../jinja/types.js';
import { attributeOf } from './markup.js';
import { symbolsWithin, type TemplateText } from './template-text.js';

const SECRET = 'ROLLCALL_ERR_TEMPLATE_SECRET';

/** True for variables that let someone in: the password, and the link, which may carry it. */
function isSecret({ name, path }: SymbolUse): boolean {
  return name === 'device_password' || (name === 'link' && (path[1] === 'uri' || path.length === 1));
}

/** Secrets must not stand where they are shown without opening the mail: lists, notifications, screen readers, logs. */
export function lintSecrets(text: TemplateText, where: 'subject' | 'html'): void {
  const { parts, report, source } = text;
  const refuse = (start: number, end: number, place: string) => {
    for (const symbol of symbolsWithin(text, start, end).filter(isSecret)) {
      report(
        source.offsetOf(symbol),
        SECRET,
        `"${symbol.path.join('.')}" in ${place} is shown without opening the mail`,
        {
          hint: 'Say it in the body only.',
        },
      );
    }
  };
  if (where === 'subject') {
    refuse(0, source.text.length, 'the subject');
    return;
  }
  parts.forEach((part, index) => {
    if (part.kind !== 'open') return;
    if (part.name === 'mj-preview' || part.name === 'mj-title' || part.name === 'title') {
      const close = parts.slice(index).find((other) => other.kind === 'close' && other.name === part.name);
      refuse(
        part.end,
        close?.start ?? source.text.length,
        part.name === 'mj-preview' ? 'the preview' : 'the title',
      );
    }
    for (const name of ['alt', 'title', 'aria-label', 'name']) {
      const attribute = attributeOf(part, name);
      if (attribute) refuse(attribute.valueStart, attribute.valueEnd, `"${name}" of <${part.name}>`);
    }
  });
}

/** `link.qr` is the address of a picture: anywhere but in `src` it prints as `cid:…`. */
export function lintQrPlaces(text: TemplateText): void {
  for (const token of text.tokens) {
    if (token.kind !== 'output') continue;
    const symbol = symbolsWithin(text, token.start, token.end).find(
      ({ path }) => path.join('.') === 'link.qr',
    );
    if (!symbol) continue;
    const shown = text.parts.some(
      (part) =>
        part.kind === 'open' &&
        part.attributes.some(
          ({ name, valueStart, valueEnd }) =>
            (name === 'src' || name === 'href') && token.start >= valueStart && token.start < valueEnd,
        ),
    );
    if (!shown) {
      text.report(
        token.start,
        'ROLLCALL_ERR_TEMPLATE_PICTURE',
        'link.qr is the address of a picture, not text',
        {
          hint: 'Write <mj-image src="{{ link.qr }}" alt="…"> in the HTML, and {{ link.uri }} in the text.',
        },
      );
    }
  }
}

/** Directory values that reach HTML unescaped let anybody who may edit their own entry write into the mail. */
export function lintEscaping(text: TemplateText): void {
  for (const token of text.tokens) {
    const off = /^\{%[-+]?\s*autoescape\s+(?:false|False)/.test(token.text);
    const safe = /\|\s*safe\b/.exec(token.text);
    if (off) {
      text.report(
        token.start,
        'ROLLCALL_ERR_TEMPLATE_ESCAPING',
        'Escaping is switched off: directory values could write HTML',
      );
    } else if (
      safe &&
      symbolsWithin(text, token.start, token.end).some(({ name }) => !/^(?:vars|campaign)$/.test(name))
    ) {
      text.report(
        token.start + safe.index,
        'ROLLCALL_ERR_TEMPLATE_ESCAPING',
        '"safe" lets a value from the directory write HTML into the mail',
        { hint: 'Leave |safe out: values are escaped rightly by themselves.' },
      );
    }
  }
}
