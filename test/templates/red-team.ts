import { type Broken, goodBody, goodFiles, mjml } from './support.js';

const body = (content: string, head = '') => ({
  ...goodFiles,
  'message.mjml': mjml(`${goodBody}\n${content}`, head),
});
const text = (html: string) => body(`<mj-text>${html}</mj-text>`);
const raw = (html: string) => body(`<mj-raw>${html}</mj-raw>`);
const file = (name: string, content: string) => ({ ...goodFiles, [name]: content });
const whole = (change: (good: string) => string) => file('message.mjml', change(mjml(goodBody)));
const html = (content: string) => ({
  'message.html': `<!doctype html>\n<html lang="en"><head><title>x</title></head><body>\n<p><a href="{{ link.uri }}">Set up</a></p>\n${content}\n</body></html>\n`,
  'message.txt': 'Hello\n\n{{ link.uri }}\n',
  'subject.txt': 'Set up\n',
});

const TOKEN = 'ROLLCALL_ERR_TEMPLATE_TOKEN';
const MARKUP = 'ROLLCALL_ERR_TEMPLATE_MARKUP';
const MJML = 'ROLLCALL_ERR_TEMPLATE_MJML';
const LINK = 'ROLLCALL_ERR_TEMPLATE_LINK';
const REMOTE = 'ROLLCALL_ERR_TEMPLATE_REMOTE';
const PICTURE = 'ROLLCALL_ERR_TEMPLATE_PICTURE';
const ACTIVE = 'ROLLCALL_ERR_TEMPLATE_ACTIVE';
const SYNTAX = 'ROLLCALL_ERR_TEMPLATE_SYNTAX';
const SECRET = 'ROLLCALL_ERR_TEMPLATE_SECRET';
const SUBJECT = 'ROLLCALL_ERR_TEMPLATE_SUBJECT';
const TEXT = 'ROLLCALL_ERR_TEMPLATE_TEXT';
const ALT = 'ROLLCALL_ERR_TEMPLATE_ALT';

/** Templates broken in ways that nobody had in mind when the rules were written. */
export const redTeam: readonly Broken[] = [
  // Tokens that MJML drops, doubles or moves
  [
    'a loop between columns',
    whole((good) =>
      good
        .replace('<mj-column>', '§{% for x in [1] %}<mj-column>')
        .replace('</mj-column>', '</mj-column>{% endfor %}'),
    ),
    TOKEN,
  ],
  [
    'a condition before mj-body',
    whole((good) =>
      good.replace('<mj-body>', '§{% if uid %}<mj-body>').replace('</mj-body>', '</mj-body>{% endif %}'),
    ),
    TOKEN,
  ],
  ['an output before the root', whole((good) => `§{{ uid }}\n${good}`), TOKEN],
  ['a set before the root', whole((good) => `§{% set x = 1 %}\n${good}`), TOKEN],
  ['an output after the root', whole((good) => `${good}§{{ uid }}\n`), TOKEN],
  [
    'a condition inside mj-attributes',
    body('', '<mj-attributes>§{% if uid %}<mj-all color="red" />{% endif %}</mj-attributes>'),
    TOKEN,
  ],
  [
    'a token in a class name of a selector',
    body('', '<mj-style>.a§{{ uid }} { color: red; }</mj-style>'),
    TOKEN,
  ],
  ['a token in a tag name', text('<h§{{ uid }}>x</h1>'), TOKEN],
  ['a token as an attribute name', text('<p §{{ uid }}="x">x</p>'), TOKEN],
  [
    'a token in a width of a column',
    whole((good) => good.replace('<mj-column>', '<mj-column width="§{{ vars.w }}">')),
    TOKEN,
  ],
  ['a token in a media query', body('', '<mj-breakpoint width="§{{ vars.w }}" />'), TOKEN],
  ['a token in mj-class', body('<mj-text mj-class="§{{ vars.c }}">x</mj-text>'), TOKEN],
  ['a token in an Outlook comment condition', raw('<!--[if §{{ uid }}]><p>x</p><![endif]-->'), TOKEN],
  // The template language
  ['an else after an else', text('{% if uid %}a{% else %}b{% §else %}c{% endif %}'), SYNTAX],
  ['an endfor for an if', text('{% if uid %}a§{% endfor %}'), SYNTAX],
  ['an elif outside of a condition', text('a§{% elif uid %}b'), SYNTAX],
  [
    'elseif as other languages have it',
    text('{% if uid %}a{% §elseif cn %}b{% endif %}'),
    'ROLLCALL_ERR_TEMPLATE_TAG',
  ],
  ['an empty output', text('Hello {{ §}}'), SYNTAX],
  ['an empty condition', text('{% if §%}a{% endif %}'), SYNTAX],
  ['an operator of another language', text('{% if uid §&& cn %}a{% endif %}'), SYNTAX],
  ['an equals sign for a comparison', text('{% if uid §= "x" %}a{% endif %}'), SYNTAX],
  ['a bracket too few', text('{{ uid|replace("a", "b" §}}'), SYNTAX],
  ['a quote that is not closed', text('Hello §{{ uid|default("you) }}'), SYNTAX],
  ['a pipe without a filter', text('{{ uid | §}}'), SYNTAX],
  ['an unknown test', text('{% if uid is §defned %}a{% endif %}'), 'ROLLCALL_ERR_UNKNOWN_TEST'],
  ['an unknown function', text('{{ §pex_hsh(uid) }}'), 'ROLLCALL_ERR_UNKNOWN_FUNCTION'],
  ['the time of day', text('{{ §pex_now() }}'), 'ROLLCALL_ERR_IMPURE'],
  ['a raw block that is not closed', text('§{% raw %}{{ uid }}'), SYNTAX],
  ['three braces', text('Hello §{{{ uid }}}'), SYNTAX],
  ['a handlebars block', text('{{§#if uid}}x{{/if}}'), SYNTAX],
  ['smart quotes in an expression', text('{{ uid|default(§“you”) }}'), SYNTAX],
  ['brackets of PHP', text('Hello §<?= uid ?>'), SYNTAX],
  ['a directive of Freemarker', text('Hello §<#if uid>x</#if>'), MARKUP],
  ['a merge tag of a mailing service', text('Hello §*|givenName|*'), SYNTAX],
  ['a mail merge field', text('Hello §«givenName»'), SYNTAX],
  ['a JSX brace', text('Hello §{givenName}'), SYNTAX],
  // Markup
  ['a heading closed by another', text('§<h1>x</h2>'), MARKUP],
  ['a table cell outside of a row', body('<mj-table>§<td>x</td></mj-table>'), MARKUP],
  ['a list item outside of a list', text('§<li>x</li>'), MARKUP],
  ['a link within a link', text('<a href="{{ link.uri }}">x §<a href="{{ link.uri }}">y</a></a>'), MARKUP],
  ['a paragraph within a paragraph', text('<p>x §<p>y</p></p>'), MARKUP],
  ['a block within a paragraph', text('<p>x §<div>y</div></p>'), MARKUP],
  ['two bodies', whole((good) => good.replace('</mjml>', '§<mj-body></mj-body></mjml>')), MJML],
  ['two roots', whole((good) => `${good}${good.replace('<mj-body>', '§<mj-body>')}`), MJML],
  ['a tag that ends the file', file('message.mjml', `${mjml(goodBody)}§<`), MARKUP],
  ['a component that is closed twice', body('<mj-text>x</mj-text>§</mj-text>'), MARKUP],
  ['a divider with words', body('<mj-divider>§x</mj-divider>'), MJML],
  ['a column in a column', body('§<mj-column><mj-text>x</mj-text></mj-column>'), MJML],
  ['a section in a column', body('§<mj-section><mj-column></mj-column></mj-section>'), MJML],
  [
    'a hero with a picture from the web',
    whole((good) => good.replace('<mj-section>', '<mj-section background-url="§//cdn.example/a.png">')),
    REMOTE,
  ],
  ['a width beyond all', body('<mj-image src="{{ link.qr }}" alt="QR" width="§wide" />'), MJML],
  ['a padding in words', body('<mj-text padding="§small">x</mj-text>'), MJML],
  // Links
  ['vbscript:', text('<a href="§vbscript:msgbox(1)">x</a>'), LINK],
  ['javascript: with a line break in it', text('<a href="§java&#10;script:alert(1)">x</a>'), LINK],
  ['javascript: behind a space', text('<a href="§ javascript:alert(1)">x</a>'), LINK],
  ['javascript: put together by a filter', text(`<a href="§{{ 'javascript:' ~ uid }}">x</a>`), LINK],
  ['javascript: from a set', text(`{% set u = §'javascript:alert(1)' %}<a href="{{ u }}">x</a>`), LINK],
  ['blob:', text('<a href="§blob:https://a.example/1">x</a>'), LINK],
  ['ftp:', text('<a href="§ftp://a.example/x">x</a>'), LINK],
  ['a user name in a link', text('<a href="§https://corp.example@evil.example/">x</a>'), LINK],
  ['a link in an area', raw('<map name="m"><area href="§javascript:x" alt="x"></map>'), LINK],
  ['a link in a form action', raw('§<form action="javascript:x"></form>'), ACTIVE],
  [
    'an href on an image component',
    body('<mj-image src="{{ link.qr }}" alt="QR" href="§javascript:x" />'),
    LINK,
  ],
  ['a backslash in a link', text('<a href="§https:\\\\corp.example">x</a>'), LINK],
  ['a link with nothing but a host typo', text('<a href="§https://">x</a>'), LINK],
  // Remote content and active content
  [
    'a background shorthand in a style sheet',
    body('', '<mj-style>.a { background: red §url(//a.example/x.png); }</mj-style>'),
    REMOTE,
  ],
  [
    'a picture set in a style',
    text('<p style="background-image: §image-set(&quot;https://a.example/x.png&quot; 1x)">x</p>'),
    REMOTE,
  ],
  ['a srcset', text('<img src="{{ link.qr }}" alt="QR" srcset="§https://a.example/x.png 2x">'), REMOTE],
  [
    'a picture in a list style',
    text('<ul style="list-style-image: §url(https://a.example/x.png)"><li>x</li></ul>'),
    REMOTE,
  ],
  ['an import without url()', body('', '<mj-style>§@import "https://a.example/x.css";</mj-style>'), REMOTE],
  ['an import escaped', body('', '<mj-style>§@\\69mport "https://a.example/x.css";</mj-style>'), REMOTE],
  [
    'a picture element',
    raw('<picture><source srcset="§https://a.example/x.png"><img src="{{ link.qr }}" alt="QR"></picture>'),
    REMOTE,
  ],
  ['a preload', body('', '<mj-raw><link rel="preload" href="§https://a.example/x.woff2"></mj-raw>'), REMOTE],
  ['a VML fill', raw('<!--[if mso]><v:fill src="§https://a.example/x.png" /><![endif]-->'), REMOTE],
  ['a style expression', text('<p style="width: §expression(alert(1))">x</p>'), ACTIVE],
  ['a binding', text('<p style="§-moz-binding: url(https://a.example/x.xml)">x</p>'), ACTIVE],
  ['an SVG with a script', raw('§<svg onload="x()"></svg>'), ACTIVE],
  ['a base address', body('', '<mj-raw>§<base href="https://a.example/"></mj-raw>'), ACTIVE],
  ['a video', raw('§<video src="https://a.example/x.mp4"></video>'), ACTIVE],
  ['an event in capitals', text('<a href="{{ link.uri }}" §onClick="x()">x</a>'), ACTIVE],
  ['a picture by its file name', body('<mj-image src="§./qr.png" alt="QR" />'), PICTURE],
  ['a cid that nothing is attached under', body('<mj-image src="§cid:logo" alt="Logo" />'), PICTURE],
  ['an alt that is the file name', body('<mj-image src="{{ link.qr }}" §alt="qr.png" />'), ALT, 'warning'],
  ['an alt of spaces', body('<mj-image src="{{ link.qr }}" §alt="  " />'), ALT],
  ['a picture without words in HTML', html('§<img src="{{ link.qr }}">'), ALT],
  // Secrets
  ['the password in a title attribute', text('<p title="{{ §device_password }}">x</p>'), SECRET],
  ['the password through a name', file('subject.txt', '{% set p = §device_password %}Use {{ p }}'), SECRET],
  [
    'the password in the subject through a filter',
    file('subject.txt', 'Use {{ §device_password|upper }}'),
    SECRET,
  ],
  ['the link safe', text('<p>{{ link.uri§|safe }}</p>'), 'ROLLCALL_ERR_TEMPLATE_ESCAPING'],
  [
    'autoescape off',
    text('{% §autoescape false %}{{ uid }}{% endautoescape %}'),
    'ROLLCALL_ERR_TEMPLATE_TAG',
  ],
  // Text part and subject
  ['a text part with the link in a comment', file('message.txt', 'Hello {# {{ link.uri }} #§}\n'), TEXT],
  ['a text part that shows the link cut', file('message.txt', '{{ §link.uri[:20] }}\n'), LINK],
  ['a control character in the subject', file('subject.txt', 'Set §\u0007up\n'), SUBJECT],
  ['a subject of two lines by a condition', file('subject.txt', '{% if uid %}a\n§b{% endif %}'), SUBJECT],
  ['an entity in the subject', file('subject.txt', 'Terms §&amp; conditions\n'), SUBJECT, 'warning'],
  [
    'an entity in the text part',
    file('message.txt', '{{ link.uri }}\n\nTerms §&amp; conditions\n'),
    TEXT,
    'warning',
  ],
  ['a right-to-left override in the text', text('Hello §\u202Egnp.exe'), MARKUP, 'warning'],
  ['a zero-width space in a link', text('<a href="https://corp.§\u200Bexample/">x</a>'), LINK],
  // Plain HTML
  [
    'HTML without a lang',
    { ...html(''), 'message.html': '§<html><body><p><a href="{{ link.uri }}">x</a></p></body></html>' },
    'ROLLCALL_ERR_TEMPLATE_LANGUAGE',
    'warning',
  ],
  ['a mustache section in HTML', html('{{§#each x}}<p>y</p>{{/each}}'), SYNTAX],
  ['a conditional comment that does not end', html('§<!--[if mso]><p>x</p>'), MARKUP],
  ['an unquoted token in plain HTML', html('<a href=§{{ link.uri }}>x</a>'), TOKEN],
  [
    'a style sheet from the web in plain HTML',
    html('<link rel="stylesheet" href="§https://a.example/x.css">'),
    REMOTE,
  ],
];
