import { didYouMean } from '../lib/closest.js';
import { type Attribute, attributeOf, type OpenTag } from './markup.js';
import { linkSchemes } from './schemes.js';
import { symbolsWithin, type TemplateText } from './template-text.js';
import { BLOCK_MASK, OUTPUT_MASK, tokensWithin } from './tokens.js';

const LINK = 'ROLLCALL_ERR_TEMPLATE_LINK';

/** What the settings, the campaign or Rollcall decide; everything else comes from the directory. */
const OWN_ROOTS = new Set(['link', 'vars', 'campaign']);

/** How a value begins once rendered, as far as the source tells: literal text, or the first token's own literal. */
function beginning(text: TemplateText, start: number, end: number): { literal: string; token: string } {
  const value = text.source.text.slice(start, end);
  const masked = text.masked.slice(start, end);
  const first = masked.search(new RegExp(`[^\\s${BLOCK_MASK}]`));
  if (first === -1) return { literal: '', token: '' };
  if (masked[first] !== OUTPUT_MASK) {
    const literal = masked.slice(first).split(new RegExp(`[${BLOCK_MASK}${OUTPUT_MASK}]`))[0] ?? '';
    return { literal, token: '' };
  }
  const token = value.slice(first);
  const quoted = /^\{\{-?\s*(?:"([^"]*)"|'([^']*)')/.exec(token);
  return { literal: quoted?.[1] ?? quoted?.[2] ?? '', token };
}

/** `java&#115;cript:` and `java\tscript:` are `javascript:` to a mail program. */
function plain(literal: string): string {
  const decoded = literal
    .replace(/&#x([0-9a-f]+);?/gi, (_, digits: string) => codePoint(Number.parseInt(digits, 16)))
    .replace(/&#(\d+);?/g, (_, digits: string) => codePoint(Number(digits)))
    .replace(/&colon;/gi, ':')
    .replace(/&(?:tab|newline);/gi, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers ignore these within a scheme.
  return decoded.replace(/[\u0000-\u0020\u007f\u200b]/g, '');
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

function checkScheme(text: TemplateText, tag: OpenTag, attribute: Attribute, literal: string): void {
  const { report } = text;
  const url = plain(literal);
  const what = `"${attribute.name}" of <${tag.name}>`;
  const complete = attribute.valueEnd - attribute.valueStart === literal.length;
  if (complete && /^(?:https?:(?:\/{0,1}[^/]|\/{0,2}$|\/{3})|[a-z][a-z0-9+.-]*:$)/i.test(url)) {
    report(attribute.valueStart, LINK, `${what} is no whole address: "${url.slice(0, 40)}" leads nowhere`);
    return;
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (/^https?:\/\/[^/?#]*@/i.test(url)) {
    report(
      attribute.valueStart,
      LINK,
      `${what} hides where it leads: what stands before the "@" is no host`,
      {
        hint: 'Leave out the user name: mail filters take such links for phishing.',
      },
    );
    return;
  }
  if (scheme === undefined) {
    if (url.startsWith('//')) {
      report(
        attribute.valueStart,
        LINK,
        `${what} has no scheme: a mail has no page that it could take one from`,
        {
          hint: 'Write https:// in front.',
        },
      );
    } else if (url !== '' && !url.startsWith('#')) {
      report(
        attribute.valueStart,
        LINK,
        `${what} is relative ("${url.slice(0, 40)}"): it leads nowhere from a mail`,
        {
          hint: 'Write the whole address, with https://.',
        },
      );
    }
    return;
  }
  if (!linkSchemes.has(scheme)) {
    const hint = didYouMean(scheme, linkSchemes) ?? `Links may have: ${[...linkSchemes].join(', ')}.`;
    report(
      attribute.valueStart,
      LINK,
      `${what} has the scheme "${scheme}:", which is not allowed in a mail`,
      { hint },
    );
  } else if (scheme === 'http') {
    const secret = symbolsWithin(text, attribute.valueStart, attribute.valueEnd).some(({ name }) =>
      /^(device_|link$)/.test(name),
    );
    report(attribute.valueStart, LINK, `${what} is http: what it carries travels in the clear`, {
      hint: 'Use https://.',
      severity: secret ? 'error' : 'warning',
    });
  }
}

/** Checks where a link leads: its scheme, that it is not empty, and that its text does not show another address. */
export function lintLink(text: TemplateText, tag: OpenTag, attribute: Attribute): void {
  const { source, masked, report } = text;
  const { valueStart, valueEnd } = attribute;
  const value = source.text.slice(valueStart, valueEnd).trim();
  if (value === '' || value === '#') {
    report(attribute.start, LINK, `"${attribute.name}" of <${tag.name}> is empty: the link leads nowhere`, {
      hint: 'Write {{ link.uri }}, or leave the link out.',
    });
    return;
  }
  if (
    new RegExp(`[^\\s${BLOCK_MASK}${OUTPUT_MASK}]\\s+[^\\s]`).test(masked.slice(valueStart, valueEnd).trim())
  ) {
    report(valueStart, LINK, `"${attribute.name}" of <${tag.name}> has a space in it`, {
      hint: 'Write %20.',
    });
  }
  const { literal, token } = beginning(text, valueStart, valueEnd);
  if (literal !== '') {
    checkScheme(text, tag, attribute, literal);
    return;
  }
  const start = source.text.indexOf(token, valueStart);
  const end = start + (tokensWithin(text.tokens, start, valueEnd)[0]?.text.length ?? 0);
  const foreign = symbolsWithin(text, start, end).find(({ name }) => !OWN_ROOTS.has(name));
  if (foreign) {
    report(
      start,
      LINK,
      `Where this link leads is decided by "${foreign.path.join('.')}", with any scheme it likes`,
      {
        hint: 'Begin with https:// in the template, or use {{ link.uri }}.',
      },
    );
  }
  const picture = symbolsWithin(text, start, end).find(({ path }) => path.join('.') === 'link.qr');
  if (picture)
    report(start, LINK, 'link.qr is a picture: it cannot be opened as a link', {
      hint: 'Use {{ link.uri }}.',
    });
}

/** A link whose text shows one address and which leads to another is what phishing looks like, and filters treat it so. */
export function lintLinkText(text: TemplateText, tag: OpenTag, end: number): void {
  const href = attributeOf(tag, 'href');
  if (!href) return;
  const shown = text.source.text.slice(tag.end, end);
  if (!/<img\b/i.test(shown) && shown.replace(/<[^>]*>|&nbsp;/g, '').trim() === '') {
    text.report(
      tag.start,
      LINK,
      `<${tag.name}> has no words: nobody sees it, and screen readers spell out its address`,
      {
        hint: 'Say in a word or two what it does.',
      },
    );
    return;
  }
  const target = text.source.text.slice(href.valueStart, href.valueEnd);
  const host = (url: string) => /^\s*https?:\/\/([^\s/?#<{]+)/i.exec(url)?.[1]?.toLowerCase();
  const shownHost = host(shown.replace(/<[^>]*>/g, ''));
  const warn = (message: string) =>
    text.report(tag.start, LINK, message, {
      severity: 'warning',
      hint: 'Show the address that the link leads to.',
    });
  if (shownHost !== undefined && shownHost !== host(target)) {
    warn(`The link shows ${shownHost} and leads elsewhere: mail filters take that for phishing`);
  } else if (/\{\{[^}]*\blink\.uri\b/.test(shown) && !/\blink\.uri\b/.test(target)) {
    warn('The link shows link.uri and leads elsewhere: mail filters take that for phishing');
  }
}

/** A link that code puts together, far from the attribute that it ends in: the literal tells all the same. */
export function lintLiteralSchemes(text: TemplateText): void {
  const hrefs = text.parts.flatMap((part) =>
    part.kind === 'open' ? part.attributes.filter(({ name }) => name === 'href') : [],
  );
  for (const token of text.tokens) {
    if (token.kind === 'comment') continue;
    if (hrefs.some(({ valueStart, valueEnd }) => token.start >= valueStart && token.start < valueEnd))
      continue;
    const found = /(["'])\s*((?:java|vb)script|data|file|blob)\s*:/i.exec(token.text);
    if (found)
      text.report(
        token.start + found.index,
        LINK,
        `A link with the scheme "${found[2]?.toLowerCase()}:" is made here, which is not allowed in a mail`,
        { hint: `Links may have: ${[...linkSchemes].join(', ')}.` },
      );
  }
}

/** Filters that leave a link what it is. */
const HARMLESS = /^(?:default|d|e|escape|safe|string|trim)$/;

/** A filter that encodes or cuts a link makes another link of it; in another address (`?to=`) encoding is right. */
export function lintLinkFilters(text: TemplateText): void {
  for (const token of text.tokens) {
    const cut = /\blink\.uri\s*\[/.exec(token.text);
    if (token.kind === 'output' && cut)
      text.report(token.start + cut.index, LINK, 'A piece of link.uri leads nowhere', {
        hint: 'Write {{ link.uri }}, whole.',
      });
    const filter = /\blink\.uri\s*\|\s*(\w+)/.exec(token.text);
    if (token.kind !== 'output' || !filter?.[1] || HARMLESS.test(filter[1])) continue;
    if (text.source.text[token.start - 1] === '=') continue;
    text.report(
      token.start + filter.index,
      LINK,
      `The filter "${filter[1]}" makes another link of link.uri`,
      {
        hint: 'Write {{ link.uri }}: it is encoded already.',
      },
    );
  }
}
