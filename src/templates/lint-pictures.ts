import { type Attribute, attributeOf, type OpenTag } from './markup.js';
import type { Report } from './source.js';
import { symbolsWithin, type TemplateText } from './template-text.js';

const REMOTE = 'ROLLCALL_ERR_TEMPLATE_REMOTE';
const PICTURE = 'ROLLCALL_ERR_TEMPLATE_PICTURE';
const REMOTE_HINT =
  'Leave it out: fetching it tells a third party who opened the mail, and most programs block it.';

/** Checks where a picture comes from: the only one that a mail of Rollcall carries is link.qr. */
export function lintPicture(text: TemplateText, tag: OpenTag, attribute: Attribute): void {
  const { source, report } = text;
  const value = source.text.slice(attribute.valueStart, attribute.valueEnd).trim();
  const what = `"${attribute.name}" of <${tag.name}>`;
  const at = attribute.valueStart;
  if (value === '') {
    report(attribute.start, PICTURE, `${what} is empty: there is no picture`, {
      hint: 'Write {{ link.qr }}.',
    });
  } else if (/^(?:https?:)?\/\//i.test(value)) {
    report(at, REMOTE, `${what} is fetched from elsewhere when the mail is opened`, { hint: REMOTE_HINT });
  } else if (/^data:/i.test(value)) {
    report(at, PICTURE, `${what} is a data: picture, which Gmail and Outlook do not show`, {
      hint: 'Only {{ link.qr }} is attached to a mail.',
    });
  } else if (!value.includes('{')) {
    report(at, PICTURE, `${what} ("${value.slice(0, 40)}") is not attached to the mail`, {
      hint: 'Only {{ link.qr }} is attached to a mail.',
    });
  } else {
    const symbols = symbolsWithin(text, at, attribute.valueEnd);
    if (symbols.length === 0) return;
    if (symbols.every(({ path }) => path.join('.') === 'link.qr')) {
      if (!/^\{\{-?\s*link\.qr\s*-?\}\}$/.test(value)) {
        report(at, PICTURE, `${what} makes another address of link.qr, where no picture is`, {
          hint: 'Write {{ link.qr }}, and nothing else.',
        });
      }
      return;
    }
    report(at, REMOTE, `${what} comes from a variable: it would be fetched from elsewhere, or not be there`, {
      hint: 'Only {{ link.qr }} is attached to a mail.',
    });
  }
}

/** Every picture needs its words: screen readers read them, and most programs show them until pictures are allowed. */
export function lintAlt(text: TemplateText, tag: OpenTag): void {
  if (tag.name === 'img' || tag.name === 'mj-image' || tag.name === 'mj-carousel-image') {
    const alt = attributeOf(tag, 'alt');
    const value = alt && text.source.text.slice(alt.valueStart, alt.valueEnd).trim();
    const decorative = alt?.hasValue && attributeOf(tag, 'src') === undefined;
    if (!alt?.hasValue || (value === '' && !decorative)) {
      text.report(
        alt?.start ?? tag.start,
        'ROLLCALL_ERR_TEMPLATE_ALT',
        `<${tag.name}> has no alternative text`,
        {
          hint: 'Say in alt="…" what the picture shows, without secrets.',
        },
      );
    }
    if (alt && value !== undefined && /^[\w-]+\.(?:png|jpe?g|gif|svg|webp)$/i.test(value)) {
      text.report(alt.start, 'ROLLCALL_ERR_TEMPLATE_ALT', `"${value}" is a file's name and says nothing`, {
        severity: 'warning',
        hint: 'Say in alt="…" what the picture shows, without secrets.',
      });
    }
    if (!attributeOf(tag, 'src')) {
      text.report(tag.start, PICTURE, `<${tag.name}> has no src`, { hint: 'Write src="{{ link.qr }}".' });
    }
  }
}

/** Pictures, fonts and sheets that a style would fetch. */
export function lintCss(css: string, offset: number, report: Report): void {
  // CSS lets any letter be written as its number, which is how such rules are hidden from a look.
  for (const found of css.matchAll(/@[\w-]*\\[^;{]*|image-set\s*\(/gi)) {
    report(
      offset + found.index,
      REMOTE,
      `"${found[0].slice(0, 20)}" in a style fetches something when the mail is opened`,
      {
        hint: REMOTE_HINT,
      },
    );
  }
  for (const found of css.matchAll(/@import\b[^;]*/gi)) {
    report(offset + found.index, REMOTE, '@import fetches a style sheet when the mail is opened', {
      hint: REMOTE_HINT,
    });
  }
  const imports = /@import\b[^;]*/gi;
  const rest = css.replace(imports, (whole) => ' '.repeat(whole.length));
  for (const found of rest.matchAll(/url\(\s*["']?\s*([^)"']*)/gi)) {
    const local = /^(?:#|about:)/.test(found[1] ?? '');
    if (!local) {
      report(
        offset + found.index,
        REMOTE,
        'url(…) in a style fetches a picture or font when the mail is opened',
        {
          hint: REMOTE_HINT,
        },
      );
    }
  }
  for (const found of css.matchAll(/(?:color|background|border[\w-]*)\s*:[^;{}]*?#([\w]*)/gi)) {
    const digits = found[1] ?? '';
    if (!/^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(digits)) {
      report(offset + found.index, 'ROLLCALL_ERR_TEMPLATE_MARKUP', `"#${digits}" is no colour`, {
        hint: 'Write #1a2b3c.',
      });
    }
  }
  for (const found of css.matchAll(/expression\s*\(|-moz-binding|behavior\s*:/gi)) {
    report(offset + found.index, 'ROLLCALL_ERR_TEMPLATE_ACTIVE', `"${found[0]}" in a style runs code`);
  }
}
