import { goodBody, goodFiles, mjml } from './support.js';

const body = (content: string, head = '') => ({
  ...goodFiles,
  'message.mjml': mjml(`${goodBody}\n${content}`, head),
});
const text = (html: string) => body(`<mj-text>${html}</mj-text>`);
const raw = (html: string) => body(`<mj-raw>${html}</mj-raw>`);

/** Templates that look odd and are right: no rule may speak of them. */
export const fineTemplates: readonly (readonly [what: string, files: Readonly<Record<string, string>>])[] = [
  [
    'a link chosen by a condition',
    text('<a href="{% if uid %}https://a.example{% else %}https://b.example{% endif %}">x</a>'),
  ],
  ['a mail address from a constant', text('<a href="mailto:{{ vars.mail }}">x</a>')],
  ['a link from a constant', text('<a href="{{ vars.portal }}">x</a>')],
  ['a link from a name that the template sets', text('{% set u = link.uri %}<a href="{{ u }}">x</a>')],
  [
    'a link that begins with a literal inside the braces',
    text(`<a href="{{ 'https://a.example/' ~ uid }}">x</a>`),
  ],
  ['a value encoded within a link', text('<a href="https://a.example/?q={{ uid|urlencode }}&amp;b=1">x</a>')],
  ['single quotes around a link', text("<a href='{{ link.uri }}'>x</a>")],
  ['an anchor', text('<a name="top"></a><a href="#top">up</a>')],
  ['a telephone number', text('<a href="tel:+442079460000">x</a>')],
  [
    'the schemes of the systems',
    text(
      '<a href="hclsametime://h/?action=AddCommunity">x</a><a href="pexip-provision://settings/?data={{ uid|pex_base64 }}">y</a>',
    ),
  ],
  ['a constant in a style', text('<p style="color: {{ vars.accent }}">x</p>')],
  [
    'the QR code with a link on it',
    body('<mj-image src="{{ link.qr }}" href="{{ link.uri }}" alt="QR code" width="180px" />'),
  ],
  [
    'a button for Outlook only',
    raw('<!--[if mso]><v:roundrect href="{{ link.uri }}"><center>Set up</center></v:roundrect><![endif]-->'),
  ],
  ['text that is not template', text('{% raw %}{{ this stays }}{% endraw %}')],
  ['a brace as a value', text('{{ "{" }}')],
  ['entities and void elements', text('&copy; 2026 &amp; a &lt; b<br>c<br/>d<hr />')],
  ['a nested style sheet', body('', '<mj-style>@media (max-width:480px){.a{color:red}}</mj-style>')],
  [
    'an inlined style sheet',
    body(
      '<mj-text css-class="a">{% if uid %}{{ uid }}{% endif %}</mj-text>',
      '<mj-style inline="inline">.a div { color: red; }</mj-style>',
    ),
  ],
  [
    'rows from a macro',
    body('<mj-table>{% macro row(a) %}<tr><td>{{ a }}</td></tr>{% endmacro %}{{ row(uid) }}</mj-table>'),
  ],
  ['a list from a loop', text('<ul>{%- for x in [1, 2] -%}<li>{{ x }}</li>{%- endfor -%}</ul>')],
  [
    'cells chosen by a condition',
    body('<mj-table><tr>{% if uid %}<td>1</td>{% else %}<td>2</td>{% endif %}</tr></mj-table>'),
  ],
  [
    'an element around a part, by two conditions',
    raw('{% if uid %}<b>{% endif %}x{% if uid %}</b>{% endif %}'),
  ],
  ['a variable set at the start of the file', file('<mj-raw position="file-start">{% set x = 1 %}</mj-raw>')],
  ['a comment that never leaves', body('{# {{ device_password }} #}<mj-text>x</mj-text>')],
  ['a tag in several lines', body('<mj-text\n  color="#fff"\n  align="left"\n>x</mj-text>')],
  [
    'a title with a condition',
    {
      ...goodFiles,
      'message.mjml': mjml(goodBody).replace('Set up<', '{% if uid %}A{% else %}B{% endif %}<'),
    },
  ],
  ['a preview with a name', body('', '<mj-preview>Hello {{ uid }}</mj-preview>')],
  [
    'comparisons in the text part',
    { ...goodFiles, 'message.txt': '1 < 2 and <{{ link.uri }}>\n\n{{ link.uri }}\n' },
  ],
  [
    'a subject after a line of its own for a set',
    { ...goodFiles, 'subject.txt': '{% set x = uid|upper %}\nFor {{ x }}\n' },
  ],
  [
    'Windows line ends',
    { ...goodFiles, 'subject.txt': 'For {{ uid }}\r\n', 'message.txt': 'a\r\n{{ link.uri }}\r\n' },
  ],
  ['no text part', { 'message.mjml': mjml(goodBody), 'subject.txt': 'x' }],
  [
    'plain HTML',
    {
      'subject.txt': 'x',
      'message.html':
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title><style>p { color: #333; }</style></head><body bgcolor="#ffffff"><p>Hello {{ uid }}: <a href="{{ link.uri }}">set up</a></p></body></html>',
    },
  ],
  [
    'a locale of its own',
    {
      ...goodFiles,
      'message.pt-BR.mjml': mjml(goodBody).replace('"en"', '"pt-BR"'),
      'message.pt-BR.txt': '{{ link.uri }}',
      'subject.pt-BR.txt': 'Olá',
    },
  ],
  ['a note beside the files', { ...goodFiles, 'README.md': 'How to change this.' }],
];

function file(start: string) {
  return { ...goodFiles, 'message.mjml': mjml(goodBody).replace('<mj-head>', `${start}<mj-head>`) };
}
