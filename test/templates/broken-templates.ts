import { type Broken, goodBody, goodFiles, mjml } from './support.js';

const body = (content: string, head = '') => ({
  ...goodFiles,
  'message.mjml': mjml(`${goodBody}\n${content}`, head),
});
const text = (html: string) => body(`<mj-text>${html}</mj-text>`);
const raw = (html: string) => body(`<mj-raw>${html}</mj-raw>`);
const file = (name: string, content: string) => ({ ...goodFiles, [name]: content });

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

/** Templates broken in one way each. */
export const brokenTemplates: readonly Broken[] = [
  // Tokens
  ['a bare condition between components', body('§{% if uid %}<mj-text>x</mj-text>{% endif %}'), TOKEN],
  ['the end of a bare condition', body('{% if uid %}<mj-text>x</mj-text>§{% endif %}'), TOKEN],
  ['a bare output between components', body('§{{ uid }}'), TOKEN],
  [
    'a bare condition between sections',
    file(
      'message.mjml',
      mjml(goodBody)
        .replace('<mj-section>', '§{% if uid %}<mj-section>')
        .replace('</mj-section>', '</mj-section>{% endif %}'),
    ),
    TOKEN,
  ],
  ['a bare condition in the head', body('', '§{% set x = 1 %}'), TOKEN],
  ['a token in a width', body('<mj-image src="{{ link.qr }}" alt="QR" width="§{{ uid }}px" />'), TOKEN],
  ['a token in a padding', body('<mj-text padding="§{{ uid }}">x</mj-text>'), TOKEN],
  ['a token in a colour', body('<mj-text color="§{{ uid }}">x</mj-text>'), TOKEN],
  ['a constant in a colour', body('<mj-text color="§{{ vars.accent }}">x</mj-text>'), TOKEN],
  ['a token in css-class', body('<mj-text css-class="§{{ uid }}">x</mj-text>'), TOKEN],
  [
    'a token in a default attribute',
    body('', '<mj-attributes><mj-all color="§{{ uid }}" /></mj-attributes>'),
    TOKEN,
  ],
  ['a token in a border', body('<mj-divider border-width="§{{ uid }}px" />'), TOKEN],
  ['a token in an HTML comment between components', body('<!-- §{{ device_password }} -->'), TOKEN],
  ['a token in a comment inside mj-text', text('x <!-- §{{ uid }} -->'), TOKEN],
  ['a condition in a comment inside mj-raw', raw('<!-- §{% if uid %}x{% endif %} -->'), TOKEN],
  ['an unquoted attribute', text('<a href=§{{ link.uri }}>x</a>'), TOKEN],
  ['an unquoted attribute of a component', body('<mj-button href=§{{ link.uri }}>x</mj-button>'), TOKEN],
  ['double quotes within double quotes', text('<a href="§{{ link.uri|default("x") }}">x</a>'), TOKEN],
  ['single quotes within single quotes', text("<a href='§{{ link.uri|default('x') }}'>x</a>"), TOKEN],
  [
    'a condition between attributes',
    body('<mj-table><tr §{% if uid %}bgcolor="red"{% endif %}><td>x</td></tr></mj-table>'),
    TOKEN,
  ],
  ['an output as an attribute', text('<p §{{ uid }}>x</p>'), TOKEN],
  ['a personal value in a style', text('<p style="color: §{{ uid }}">x</p>'), TOKEN],
  ['a personal value in a style sheet', body('', '<mj-style>.x { color: §{{ uid }}; }</mj-style>'), TOKEN],
  ['a personal class', text('<p class="§{{ uid }}">x</p>'), TOKEN],
  // The template language
  ['an output that is not closed', text('Hello §{{ uid }'), SYNTAX],
  ['a block that is not closed', text('§{% if uid }x{% endif %}'), SYNTAX],
  ['a comment that is not closed', text('x §{# todo'), SYNTAX],
  ['closing braces alone', text('Hello uid §}}'), SYNTAX],
  ['single braces', text('Hello §{device_alias}'), SYNTAX],
  ['parted braces', text('Hello §{ { device_alias } }'), SYNTAX],
  ['an unknown filter', text('{{ uid|§uper }}'), 'ROLLCALL_ERR_UNKNOWN_FILTER'],
  ['a random number', text('{{ §pex_random_pin(6) }}'), 'ROLLCALL_ERR_IMPURE'],
  ['a condition that is never ended', raw('§{% if uid %}x'), SYNTAX],
  ['an end without its condition', raw('x §{% endif %}'), SYNTAX],
  ['a block that does not exist', text('{% §iff uid %}x{% endif %}'), 'ROLLCALL_ERR_TEMPLATE_TAG'],
  ['an include', text('{% §include "x.html" %}'), 'ROLLCALL_ERR_TEMPLATE_TAG'],
  ['a parted block', text('§{ % set x = 1 % }'), SYNTAX],
  ['braces of the settings', text('Hello §${device_alias}'), SYNTAX],
  ['brackets of another language', text('Hello §[[ device_alias ]]'), SYNTAX],
  ['per cent signs of another language', text('Hello §%device_alias%'), SYNTAX],
  // Tags
  ['an mj-text that is not closed', body('§<mj-text>x'), MARKUP],
  [
    'an mj-column that is not closed',
    file('message.mjml', mjml(goodBody).replace('<mj-column>', '§<mj-column>').replace('</mj-column>', '')),
    MARKUP,
  ],
  ['a paragraph that is not closed', text('§<p>x'), MARKUP],
  ['a bold that is not closed', text('§<b>x'), MARKUP],
  ['a cell that is not closed', body('<mj-table><tr>§<td>x</tr></mj-table>'), MARKUP],
  ['crossed tags', text('<b>§<i>x</b></i>'), MARKUP],
  ['a tag closed twice', text('<b>x</b>§</b>'), MARKUP],
  ['a closing tag alone', body('§</mj-text>'), MARKUP],
  ['a tag without its bracket', text('x §<a href="https://a.example" y</a>'), MARKUP],
  ['a quote that is not closed', text('<a §href="https://a.example>x</a>\n<p title="y">y</p>'), MARKUP],
  ['an attribute twice', text('<a href="https://a.example" §href="https://b.example">x</a>'), MARKUP],
  ['attributes without a space', text('<a href="https://a.example"§title="x">x</a>'), MARKUP],
  ['a slash that closes nothing', text('§<div />'), MARKUP],
  ['a comment that is never closed', text('x §<!-- y'), MARKUP],
  ['a misspelt entity', text('a§&nbps;b'), MARKUP, 'warning'],
  ['half a colour in a style', text('<p style="§color:#12">x</p>'), MARKUP],
  ['a bare less-than', text('1 §< 2'), MARKUP],
  ['branches that open different tags', raw('§{% if uid %}<b>{% else %}<i>{% endif %}x</b>'), MARKUP],
  ['a style with a brace too few', body('', '<mj-style>§.x { color: red;</mj-style>'), MARKUP],
  // MJML
  [
    'MJML in an HTML file',
    { 'message.html': `§${mjml(goodBody)}`, 'message.txt': '{{ link.uri }}', 'subject.txt': 'x' },
    MJML,
  ],
  ['an unknown element', body('§<mj-txt>x</mj-txt>'), MJML],
  ['an unknown attribute', body('<mj-text §colour="#fff">x</mj-text>'), MJML],
  [
    'an unknown attribute of a section',
    file('message.mjml', mjml(goodBody).replace('<mj-section>', '<mj-section §paddding="0">')),
    MJML,
  ],
  ['a colour that is none', body('<mj-text color="§#12">x</mj-text>'), MJML],
  ['a colour with a typing error', body('<mj-text color="§bleu">x</mj-text>'), MJML],
  ['a measure without its unit', body('<mj-text font-size="§16">x</mj-text>'), MJML],
  ['a word that is not in the list', body('<mj-text align="§middle">x</mj-text>'), MJML],
  [
    'a component in the wrong place',
    file('message.mjml', mjml(goodBody).replace('<mj-section>', '§<mj-text>x</mj-text><mj-section>')),
    MJML,
  ],
  ['a component inside a text', text('§<mj-button href="{{ link.uri }}">x</mj-button>'), MJML],
  ['HTML between components', body('§<p>x</p>'), MJML],
  ['text between components', body('§Hello'), MJML],
  ['an MJML include', body('§<mj-include path="./x.mjml" />'), MJML],
  [
    'no mj-body',
    file('message.mjml', '§<mjml lang="en"><mj-head><mj-title>x</mj-title></mj-head></mjml>'),
    MJML,
  ],
  ['HTML in an MJML file', file('message.mjml', '§<p>{{ link.uri }}</p>'), MJML],
  // Links
  ['javascript:', text('<a href="§javascript:alert(1)">x</a>'), LINK],
  ['javascript: in disguise', text('<a href="§java&#115;cript:alert(1)">x</a>'), LINK],
  ['javascript: in capitals with a tab', text('<a href="§JAVA\tSCRIPT:alert(1)">x</a>'), LINK],
  ['javascript: of a button', body('<mj-button href="§javascript:void(0)">x</mj-button>'), LINK],
  ['javascript: inside the braces', text(`<a href="§{{ 'javascript:' + uid }}">x</a>`), LINK],
  ['javascript: in a branch', text(`<a href="§{% if uid %}javascript:x{% endif %}">x</a>`), LINK],
  ['a data: link', text('<a href="§data:text/html,x">x</a>'), LINK],
  ['a file: link', text('<a href="§file:///etc/passwd">x</a>'), LINK],
  ['a scheme with a typing error', text('<a href="§htps://a.example">x</a>'), LINK],
  ['a link that the directory decides', text('<a href="§{{ labeledURI }}">x</a>'), LINK],
  ['an empty link', text('<a §href="">x</a>'), LINK],
  ['an empty link of a button', body('<mj-button §href="#">x</mj-button>'), LINK],
  ['a button without a link', body('§<mj-button>x</mj-button>'), LINK],
  ['a relative link', text('<a href="§/help">x</a>'), LINK],
  ['a link without its scheme', text('<a href="§www.corp.example">x</a>'), LINK],
  ['a link in the clear', text('<a href="§http://help.corp.example">x</a>'), LINK, 'warning'],
  [
    'a password in the clear',
    text('<a href="§http://a.example/?p={{ device_password|urlencode }}">x</a>'),
    LINK,
  ],
  [
    'a link that shows another address',
    text('§<a href="https://evil.example">https://bank.example</a>'),
    LINK,
    'warning',
  ],
  [
    'no link at all',
    {
      'message.mjml': `§${mjml('<mj-text>Hello {{ uid }}</mj-text>')}`,
      'message.txt': 'Hello',
      'subject.txt': 'x',
    },
    LINK,
    'warning',
  ],
  ['a link encoded twice', text('<a href="{{ §link.uri|urlencode }}">x</a>'), LINK],
  ['a link cut short', file('message.txt', '{{ §link.uri|truncate(40) }}'), LINK],
  ['a scheme and nothing else', text('<a href="§mailto:">x</a>'), LINK],
  ['one slash too few', text('<a href="§https:/corp.example">x</a>'), LINK],
  ['a space in a link', text('<a href="§https://corp.example/a b">x</a>'), LINK],
  ['a button without words', body('§<mj-button href="{{ link.uri }}"></mj-button>'), LINK],
  ['a link without words', text('§<a href="{{ link.uri }}"> </a>'), LINK],
  // Remote content
  ['a remote picture', body('<mj-image src="§https://cdn.example/logo.png" alt="Logo" />'), REMOTE],
  ['a remote picture in HTML', text('<img src="§//cdn.example/logo.png" alt="Logo">'), REMOTE],
  ['a tracking pixel', raw('<img src="§http://t.example/p.gif?u={{ uid }}" alt="x" width="1">'), REMOTE],
  ['a picture from a variable', body('<mj-image src="§{{ labeledURI }}" alt="x" />'), REMOTE],
  [
    'a background picture',
    file(
      'message.mjml',
      mjml(goodBody).replace('<mj-section>', '<mj-section background-url="§https://a.example/x.png">'),
    ),
    REMOTE,
  ],
  [
    'a background attribute',
    body('<mj-table><tr><td background="§https://a.example/x.png">x</td></tr></mj-table>'),
    REMOTE,
  ],
  ['a background in a style', text('<p style="background: §url(https://a.example/x.png)">x</p>'), REMOTE],
  [
    'a remote font',
    body('', '<mj-font name="Raleway" href="§https://fonts.example/css?family=Raleway" />'),
    REMOTE,
  ],
  [
    'an imported style sheet',
    body('', '<mj-style>§@import url("https://a.example/x.css");</mj-style>'),
    REMOTE,
  ],
  [
    'a font face',
    body('', '<mj-style>@font-face { font-family: X; src: §url(https://a.example/x.woff2); }</mj-style>'),
    REMOTE,
  ],
  [
    'a linked style sheet',
    body('', '<mj-raw><link rel="stylesheet" href="§https://a.example/x.css"></mj-raw>'),
    REMOTE,
  ],
  [
    'a picture for Outlook only',
    raw('<!--[if mso]><img src="§https://a.example/x.png" alt="x"><![endif]-->'),
    REMOTE,
  ],
  ['a data: picture', text('<img src="§data:image/png;base64,AAAA" alt="x">'), PICTURE],
  ['a picture that is not attached', text('<img src="§logo.png" alt="Logo">'), PICTURE],
  ['a picture without its source', text('§<img alt="Logo">'), PICTURE],
  ['link.qr as text', text('Scan §{{ link.qr }}'), PICTURE],
  ['link.qr in the text part', file('message.txt', '{{ link.uri }}\n§{{ link.qr }}'), PICTURE],
  ['link.qr as a link', text('<a href="§{{ link.qr }}">x</a>'), LINK],
  ['a picture without words', body('§<mj-image src="{{ link.qr }}" />'), 'ROLLCALL_ERR_TEMPLATE_ALT'],
  ['a picture with empty words', text('<img src="{{ link.qr }}" §alt="">'), 'ROLLCALL_ERR_TEMPLATE_ALT'],
  // Active content
  ['a script', raw('§<script>alert(1)</script>'), ACTIVE],
  ['a form', raw('§<form action="https://a.example"><input name="p"></form>'), ACTIVE],
  ['an input', raw('§<input name="p">'), ACTIVE],
  ['a frame', raw('§<iframe src="https://a.example"></iframe>'), ACTIVE],
  ['an event', text('<a href="https://a.example" §onclick="x()">x</a>'), ACTIVE],
  [
    'a refresh',
    body('', '<mj-raw><meta §http-equiv="refresh" content="0;url=https://a.example"></mj-raw>'),
    ACTIVE,
  ],
  ['something glued to link.qr', body('<mj-image src="§{{ link.qr }}.png" alt="QR code" />'), PICTURE],
  // Secrets
  ['the password in the subject', file('subject.txt', 'Password {{ §device_password }}'), SECRET],
  ['the link in the subject', file('subject.txt', 'Open {{ §link.uri }}'), SECRET],
  ['the password in the preview', body('', '<mj-preview>{{ §device_password }}</mj-preview>'), SECRET],
  [
    'the password in the title',
    file('message.mjml', mjml(goodBody).replace('Set up<', '{{ §device_password }}<')),
    SECRET,
  ],
  [
    'the link in the alternative text',
    body('<mj-image src="{{ link.qr }}" alt="{{ §link.uri }}" />'),
    SECRET,
  ],
  ['a safe directory value', text('{{ uid§|safe }}'), 'ROLLCALL_ERR_TEMPLATE_ESCAPING'],
  // Subject and text part
  ['a subject of two lines', file('subject.txt', 'One\n§Two\n'), SUBJECT],
  ['an empty subject', file('subject.txt', '§\n'), SUBJECT],
  ['a subject of blocks alone', file('subject.txt', '§{% set x = 1 %}\n'), SUBJECT],
  ['HTML in the subject', file('subject.txt', 'Hello §<b>you</b>'), SUBJECT, 'warning'],
  ['an endless subject', file('subject.txt', `§${'word '.repeat(40)}`), SUBJECT, 'warning'],
  ['an empty text part', file('message.txt', '§\n\n'), TEXT],
  ['a text part without the link', file('message.txt', 'Hello {{ uid }}§.\n'), TEXT],
  ['HTML in the text part', file('message.txt', '§<p>{{ link.uri }}</p>'), TEXT, 'warning'],
  [
    'nothing to make a text part of',
    { 'message.mjml': `§${mjml('<mj-image src="{{ link.qr }}" alt="QR" />')}`, 'subject.txt': 'x' },
    TEXT,
  ],
  ['an escape filter in the text part', file('message.txt', '{{ link.uri }} {{ uid §|e }}'), TEXT, 'warning'],
  ['a full stop at the end of the link', file('message.txt', 'Open {{ link.uri }}§.'), TEXT, 'warning'],
  // Files
  ['an empty message', { ...goodFiles, 'message.mjml': '§' }, MJML],
  [
    'a file that is not UTF-8',
    { ...goodFiles, 'message.txt': Buffer.from([0xe4, 0x20]) },
    'ROLLCALL_ERR_TEMPLATE_ENCODING',
  ],
  [
    'a file in UTF-16',
    { ...goodFiles, 'subject.txt': Buffer.from('\uFEFFHello', 'utf16le') },
    'ROLLCALL_ERR_TEMPLATE_ENCODING',
  ],
  [
    'a byte-order mark',
    { ...goodFiles, 'subject.txt': '\uFEFFHello' },
    'ROLLCALL_ERR_TEMPLATE_ENCODING',
    'warning',
  ],
  [
    'MJML and HTML both',
    { ...goodFiles, 'message.html': '<p>{{ link.uri }}</p>' },
    'ROLLCALL_ERR_TEMPLATE_FILE',
  ],
  ['a misspelt file', { ...goodFiles, 'mesage.de.txt': 'x' }, 'ROLLCALL_ERR_TEMPLATE_FILE', 'warning'],
  [
    'a locale that is none',
    { ...goodFiles, 'message.german.mjml': 'x' },
    'ROLLCALL_ERR_TEMPLATE_FILE',
    'warning',
  ],
  [
    'a locale half done',
    { ...goodFiles, 'message.de.mjml': mjml(goodBody).replace('"en"', '"de"') },
    'ROLLCALL_ERR_TEMPLATE_FILE',
    'warning',
  ],
  ['no subject', { 'message.mjml': mjml(goodBody) }, 'ROLLCALL_ERR_TEMPLATE_MISSING'],
  [
    'no language',
    file('message.mjml', `§${mjml(goodBody).replace(' lang="en"', '')}`),
    'ROLLCALL_ERR_TEMPLATE_LANGUAGE',
    'warning',
  ],
  [
    'the wrong language',
    {
      ...goodFiles,
      'message.de.txt': '{{ link.uri }}',
      'message.de.mjml': mjml(goodBody).replace('"en"', '"§en"'),
    },
    'ROLLCALL_ERR_TEMPLATE_LANGUAGE',
    'warning',
  ],
  [
    'more than Gmail shows',
    file('message.mjml', `§${mjml(`${goodBody}<mj-text>${'word '.repeat(21000)}</mj-text>`)}`),
    'ROLLCALL_ERR_TEMPLATE_SIZE',
  ],
];
