import { lintLink, lintLinkText } from './lint-links.js';
import { lintAlt, lintCss, lintPicture } from './lint-pictures.js';
import { type Attribute, type Markup, type OpenTag, readMarkup } from './markup.js';
import { symbolsWithin, type TemplateText } from './template-text.js';
import { tokensWithin } from './tokens.js';

const TOKEN = 'ROLLCALL_ERR_TEMPLATE_TOKEN';
const ACTIVE = 'ROLLCALL_ERR_TEMPLATE_ACTIVE';
const REMOTE = 'ROLLCALL_ERR_TEMPLATE_REMOTE';

/** Elements that mail programs remove, or that send what the reader types to somebody. */
const ACTIVE_ELEMENTS = new Set(
  'script form input button select textarea iframe frame object embed applet audio video meta-refresh base svg math template dialog'.split(
    ' ',
  ),
);
const LINKS = new Set(['href', 'action', 'formaction', 'xlink:href', 'cite', 'longdesc', 'ping']);
const PICTURES = new Set([
  'src',
  'background',
  'poster',
  'background-url',
  'icon-wrapped-url',
  'icon-unwrapped-url',
  'thumbnails-src',
  'left-icon',
  'right-icon',
  'srcset',
]);
/** In HTML of one's own, tokens here survive, but a value with a space or a quote in it breaks the layout. */
const LAYOUT =
  /^(?:width|height|border|cellpadding|cellspacing|colspan|rowspan|bgcolor|color|align|valign|size|face|class|id)$/;

function lintTokenPlaces(text: TemplateText, tag: OpenTag): void {
  const { source, tokens, report } = text;
  for (const attribute of tag.attributes) {
    for (const token of tokensWithin(tokens, attribute.valueStart, attribute.valueEnd)) {
      if (attribute.quote === '') {
        report(
          token.start,
          TOKEN,
          `"${attribute.name}" of <${tag.name}> has no quotes around ${token.text}`,
          {
            hint: `Write ${attribute.name}="${token.text}": without quotes a value with a space in it adds attributes of its own.`,
          },
        );
      } else if (token.text.includes(attribute.quote)) {
        const other = attribute.quote === '"' ? 'single' : 'double';
        report(
          token.start,
          TOKEN,
          `${token.text} has ${attribute.quote} within an attribute in ${attribute.quote}`,
          {
            hint: `Use ${other} quotes inside the braces; otherwise the attribute ends there.`,
          },
        );
      } else if (token.kind === 'output' && !tag.name.startsWith('mj-')) {
        const constant = symbolsWithin(text, token.start, token.end).every(({ name }) => name === 'vars');
        if (/^on/.test(attribute.name)) continue;
        if (!constant && (LAYOUT.test(attribute.name) || attribute.name === 'style')) {
          report(
            token.start,
            TOKEN,
            `"${attribute.name}" of <${tag.name}> decides the layout and comes from the directory`,
            {
              hint: 'Write a fixed value, or one from vars.',
            },
          );
        }
      }
    }
  }
  const inValues = (offset: number) =>
    tag.attributes.some((attribute) => offset >= attribute.valueStart && offset < attribute.valueEnd);
  for (const token of tokensWithin(tokens, tag.start, tag.end)) {
    if (!inValues(token.start)) {
      report(token.start, TOKEN, `${token.text} stands between the attributes of <${tag.name}>`, {
        hint: 'Put it inside an attribute value in quotes, or choose between whole elements.',
      });
    }
  }
  const meta = tag.attributes.find(({ name }) => name === 'http-equiv');
  if (meta && /refresh/i.test(source.text.slice(meta.valueStart, meta.valueEnd))) {
    report(meta.start, ACTIVE, 'A mail cannot send its reader elsewhere by itself');
  }
}

function lintAttribute(text: TemplateText, tag: OpenTag, attribute: Attribute): void {
  const { source, report } = text;
  const value = source.text.slice(attribute.valueStart, attribute.valueEnd);
  if (/^on[a-z]+$/.test(attribute.name)) {
    report(
      attribute.start,
      ACTIVE,
      `"${attribute.name}" of <${tag.name}> is a script: mail programs remove it`,
    );
  } else if (attribute.name === 'style') {
    lintCss(value, attribute.valueStart, report);
  } else if (tag.name === 'link' || tag.name === 'mj-font') {
    if (attribute.name === 'href') {
      report(
        attribute.valueStart,
        REMOTE,
        `<${tag.name}> fetches a font or style sheet when the mail is opened`,
        {
          hint: 'Use fonts that every machine has: font-family="system-ui, Segoe UI, Roboto, Arial, sans-serif".',
        },
      );
    }
  } else if (LINKS.has(attribute.name)) {
    lintLink(text, tag, attribute);
  } else if (PICTURES.has(attribute.name) && !(tag.name === 'mj-social-element' && value === '')) {
    if (tag.name !== 'script' && tag.name !== 'iframe') lintPicture(text, tag, attribute);
  }
}

function lintTag(text: TemplateText, tag: OpenTag, isDefault: boolean): void {
  if (ACTIVE_ELEMENTS.has(tag.name)) {
    text.report(
      tag.start,
      ACTIVE,
      `<${tag.name}> does not work in a mail: programs remove it or warn of it`,
      {
        hint: 'Leave it out; a link can lead to a page that has it.',
      },
    );
  }
  lintTokenPlaces(text, tag);
  for (const attribute of tag.attributes) lintAttribute(text, tag, attribute);
  if (isDefault) return;
  lintAlt(text, tag);
  if (tag.name === 'mj-social-element' && !tag.attributes.some(({ name }) => name === 'src')) {
    text.report(tag.start, REMOTE, '<mj-social-element> fetches its icon from elsewhere', {
      hint: 'Use a plain link in <mj-text>.',
    });
  }
  if (tag.name === 'mj-accordion' || tag.name === 'mj-carousel') {
    text.report(tag.start, REMOTE, `<${tag.name}> fetches its icons from elsewhere`, {
      hint: 'Show the text as it is.',
    });
  }
  if (
    (tag.name === 'a' || tag.name === 'mj-button') &&
    !tag.attributes.some(({ name }) => name === 'href' || name === 'name' || name === 'id')
  ) {
    text.report(
      tag.start,
      'ROLLCALL_ERR_TEMPLATE_LINK',
      `<${tag.name}> has no href: it looks like a link and leads nowhere`,
      {
        hint: 'Write href="{{ link.uri }}".',
      },
    );
  }
}

function lintComment(text: TemplateText, start: number, end: number): void {
  const comment = text.source.text.slice(start, end);
  if (/^<!--\[if/i.test(comment)) {
    const condition = start + comment.indexOf(']');
    const [decided] = tokensWithin(text.tokens, start, condition);
    if (decided)
      text.report(decided.start, TOKEN, `${decided.text} decides for which Outlook this is`, {
        hint: 'Write a fixed condition, such as [if mso].',
      });
    // Outlook reads these as markup: the rules hold inside them too.
    lintParts(
      text,
      readMarkup(text.masked, start + comment.indexOf(']') + 2, Math.max(start, end - 3)).parts,
    );
    return;
  }
  const [token] = tokensWithin(text.tokens, start, end);
  if (token) {
    text.report(
      token.start,
      TOKEN,
      `${token.text} in a comment is rendered and sent to everybody all the same`,
      {
        hint: 'Delete it, or write the comment as {# … #}, which is never sent.',
      },
    );
  }
}

function lintParts(text: TemplateText, parts: readonly Markup[]): void {
  const { source, report } = text;
  let inDefaults = false;
  parts.forEach((part, index) => {
    if ((part.kind === 'open' || part.kind === 'close') && part.name === 'mj-attributes')
      inDefaults = part.kind === 'open';
    if (part.kind === 'open') {
      lintTag(text, part, inDefaults);
      if ((part.name === 'a' || part.name === 'mj-button') && !inDefaults) {
        const end = parts
          .slice(index + 1)
          .find((other) => other.kind === 'close' && other.name === part.name);
        lintLinkText(text, part, part.selfClosed || !end ? part.end : end.start);
      }
    } else if (part.kind === 'comment') {
      lintComment(text, part.start, part.end);
    } else if (part.kind === 'css') {
      const css = text.masked.slice(part.start, part.end).replace(/\/\*[\s\S]*?\*\/|"[^"]*"|'[^']*'/g, '');
      if (css.split('{').length !== css.split('}').length) {
        report(
          part.start,
          'ROLLCALL_ERR_TEMPLATE_MARKUP',
          'The braces of this style do not match: mail programs drop it or worse',
        );
      }
      lintCss(source.text.slice(part.start, part.end), part.start, report);
      for (const token of tokensWithin(text.tokens, part.start, part.end)) {
        const constant = symbolsWithin(text, token.start, token.end).every(({ name }) => name === 'vars');
        if (token.kind === 'output' && !constant) {
          report(
            token.start,
            TOKEN,
            `${token.text} in a style comes from the directory and can change the whole mail`,
            {
              hint: 'Write a fixed value, or one from vars.',
            },
          );
        }
      }
    }
  });
}

/** MJML elements in a plain HTML file are nothing that a mail program knows. */
export function lintNoMjml(text: TemplateText): void {
  const first = text.parts.find((part) => part.kind === 'open' && /^mj(?:ml$|-)/.test(part.name));
  if (first) {
    text.report(first.start, 'ROLLCALL_ERR_TEMPLATE_MJML', 'This is MJML in an HTML file', {
      hint: 'Name the file message.mjml.',
    });
  }
}

/** The rules for HTML, alone or within MJML: what mail programs remove, fetch or are misled by, and tokens in unsafe places. */
export function lintHtml(text: TemplateText): void {
  lintParts(text, text.parts);
}
