import type { OpenTag } from './markup.js';
import type { Report } from './source.js';

const CODE = 'ROLLCALL_ERR_TEMPLATE_MARKUP';

/** What an element must stand directly in (HTML, §4.4 and §4.9): elsewhere mail programs move it or drop it. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  li: ['ul', 'ol', 'menu'],
  td: ['tr'],
  th: ['tr'],
  tr: ['table', 'thead', 'tbody', 'tfoot', 'mj-table'],
  thead: ['table', 'mj-table'],
  tbody: ['table', 'mj-table'],
  tfoot: ['table', 'mj-table'],
  dt: ['dl', 'div'],
  dd: ['dl', 'div'],
};

/** Begins a new paragraph wherever it stands, so that an open one ends before it. */
const BLOCKS = new Set(
  'address article blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
);

/** Within these a template writes pieces of what is put together elsewhere. */
const FRAGMENTS = new Set(['mj-raw', 'mj-head', 'mj-attributes']);

/** What is wrong with an element where it stands, given what is open around it, outermost first. */
export function checkContent(tag: OpenTag, open: readonly OpenTag[], report: Report): void {
  const parent = open.at(-1)?.name;
  const parents = PARENTS[tag.name];
  if (parents && parent !== undefined && !FRAGMENTS.has(parent) && !parents.includes(parent)) {
    report(tag.start, CODE, `<${tag.name}> stands in <${parent}>: mail programs move it or drop it`, {
      hint: `Put it directly into ${parents.map((name) => `<${name}>`).join(' or ')}.`,
    });
    return;
  }
  // Up to the cell or component that begins afresh: what is outside of it does not count.
  const fresh = open.findLastIndex(({ name }) => name === 'td' || name === 'th' || name.startsWith('mj-'));
  const near = open.slice(fresh + 1);
  if (tag.name === 'a' && near.some(({ name }) => name === 'a'))
    report(tag.start, CODE, 'A link stands within a link: the outer one ends here', {
      hint: 'Close the first </a> before it.',
    });
  if (BLOCKS.has(tag.name) && near.some(({ name }) => name === 'p'))
    report(tag.start, CODE, `<${tag.name}> ends the <p> that it stands in`, {
      hint: 'Close the paragraph before it.',
    });
}
