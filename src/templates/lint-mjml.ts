import { didYouMean } from '../lib/closest.js';
import type { Attribute, OpenTag } from './markup.js';
import { type MjmlElement, mjmlGrammar } from './mjml-grammar.js';
import { valueFault } from './mjml-values.js';
import type { TemplateText } from './template-text.js';
import { BLOCK_MASK, OUTPUT_MASK, tokensWithin } from './tokens.js';

const MJML = 'ROLLCALL_ERR_TEMPLATE_MJML';
const TOKEN = 'ROLLCALL_ERR_TEMPLATE_TOKEN';

/** Attributes whose text reaches the reader or the link, so that tokens are welcome. */
const OPEN_ATTRIBUTES = new Set(['href', 'src', 'alt', 'title', 'name', 'content', 'lang']);
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;

function typeOf(element: MjmlElement, attribute: string): string | undefined {
  if (attribute === 'css-class' || attribute === 'mj-class') return 'class';
  const found = Object.entries(element.attributes ?? {}).find(([, names]) =>
    names.split(' ').includes(attribute),
  );
  return found?.[0];
}

function checkAttribute(
  text: TemplateText,
  tag: OpenTag,
  element: MjmlElement,
  attribute: Attribute,
  free: boolean,
): void {
  const { source, tokens, report } = text;
  const type = typeOf(element, attribute.name);
  if (type === undefined && !free) {
    const known = Object.values(element.attributes ?? {}).flatMap((names) => names.split(' '));
    const hint = didYouMean(attribute.name, [...known, 'css-class', 'mj-class']);
    report(
      attribute.start,
      MJML,
      `<${tag.name}> has no attribute "${attribute.name}"`,
      hint === undefined ? {} : { hint },
    );
    return;
  }
  const value = source.text.slice(attribute.valueStart, attribute.valueEnd);
  const [token] = tokensWithin(tokens, attribute.valueStart, attribute.valueEnd);
  if (token && !OPEN_ATTRIBUTES.has(attribute.name) && !/-url$/.test(attribute.name)) {
    const what =
      type === 'class' ? 'names classes' : type === 'color' ? 'takes a colour' : 'decides the layout';
    report(
      token.start,
      TOKEN,
      `"${attribute.name}" of <${tag.name}> ${what}, which MJML needs before it knows the person`,
      {
        hint: 'Write a fixed value; put what differs into the text, or into <mj-raw> with a condition.',
      },
    );
  } else if (!token && type !== undefined) {
    const fault = valueFault(value, type);
    if (fault)
      report(
        attribute.hasValue ? attribute.valueStart : attribute.start,
        MJML,
        `"${attribute.name}" of <${tag.name}>: "${value}" ${fault}`,
      );
  }
}

function checkElement(
  text: TemplateText,
  tag: OpenTag,
  parent: string | undefined,
  attributes: boolean,
): void {
  const { report } = text;
  const element = mjmlGrammar[tag.name];
  if (tag.name === 'mj-include') {
    report(tag.start, MJML, '<mj-include> is not followed: a template stands alone', {
      hint: 'Copy the part into this file.',
    });
    return;
  }
  if (!element) {
    const hint = tag.name.startsWith('mj')
      ? didYouMean(tag.name, Object.keys(mjmlGrammar))
      : 'Put HTML into <mj-text>, <mj-table> or <mj-raw>: anywhere else MJML drops it.';
    report(tag.start, MJML, `MJML has no element <${tag.name}>`, hint === undefined ? {} : { hint });
    return;
  }
  if (parent === undefined && tag.name !== 'mjml') {
    report(tag.start, MJML, `<${tag.name}> stands outside <mjml>`);
  }
  const allowed = parent === undefined ? undefined : mjmlGrammar[parent]?.children?.split(' ');
  if (parent !== undefined && parent !== 'mj-attributes' && !allowed?.includes(tag.name)) {
    const homes = Object.keys(mjmlGrammar).filter((name) =>
      mjmlGrammar[name]?.children?.split(' ').includes(tag.name),
    );
    report(tag.start, MJML, `<${tag.name}> does not belong into <${parent}>`, {
      hint: homes.length > 0 ? `It belongs into ${homes.map((home) => `<${home}>`).join(', ')}.` : 'Move it.',
    });
  }
  const free = attributes || tag.name === 'mj-all' || tag.name === 'mj-class';
  for (const attribute of tag.attributes) checkAttribute(text, tag, element, attribute, free);
}

/**
 * Checks an MJML file against MJML's grammar, and finds text and tokens that stand where MJML drops them without a word:
 * a bare `{% if %}` between components is the one that sends both branches to everybody.
 */
export function lintMjml(text: TemplateText): void {
  const { source, masked, parts, report, tokens } = text;
  const stack: string[] = [];
  // An element that MJML does not know is told once; what is in it is not judged.
  const content = () => stack.find((name) => mjmlGrammar[name] === undefined || mjmlGrammar[name].content);
  let bodies = 0;
  let roots = 0;
  for (const part of parts) {
    if (part.kind === 'open') {
      const inside = content();
      const isMjml = /^mj(?:ml$|-)/.test(part.name);
      if (inside === undefined) checkElement(text, part, stack.at(-1), stack.at(-1) === 'mj-attributes');
      else if (isMjml) {
        report(part.start, MJML, `<${part.name}> inside <${inside}> is not an MJML element but text`, {
          hint: `Close <${inside}> first.`,
        });
      }
      if (part.name === 'mj-body') bodies++;
      if (part.name === 'mjml') roots++;
      if (!part.selfClosed && !VOID.test(part.name)) stack.push(part.name);
    } else if (part.kind === 'close') {
      const depth = stack.lastIndexOf(part.name);
      if (depth !== -1) stack.length = depth;
    } else if (part.kind === 'text' && content() === undefined) {
      const visible = masked.slice(part.start, part.end);
      const first = visible.search(/\S/);
      const lost = tokensWithin(tokens, part.start, part.end);
      for (const token of lost) {
        report(
          token.start,
          TOKEN,
          `MJML drops ${token.text.split('\n')[0]} here: it stands between components`,
          {
            hint:
              token.kind === 'block'
                ? `Write <mj-raw>${token.text}</mj-raw>; otherwise the condition is lost and everybody gets what it guards.`
                : 'Put it into <mj-text> or <mj-raw>.',
          },
        );
      }
      const bare = visible.replaceAll(BLOCK_MASK, ' ').replaceAll(OUTPUT_MASK, ' ').search(/\S/);
      if (first !== -1 && bare !== -1) {
        const where = stack.at(-1);
        report(
          part.start + bare,
          MJML,
          `MJML drops this text: it stands ${where ? `directly in <${where}>` : 'outside <mjml>'}`,
          {
            hint: 'Put it into <mj-text>.',
          },
        );
      }
    }
  }
  lintClasses(text);
  if (roots === 0)
    report(0, MJML, 'There is no <mjml> element', {
      hint: 'An MJML file is one <mjml> element with an <mj-body>.',
    });
  else if (bodies === 0) report(0, MJML, 'There is no <mj-body>: the mail would be empty');
  else if (bodies > 1) report(source.text.lastIndexOf('<mj-body'), MJML, 'A second <mj-body> is dropped');
}

/** A class that no <mj-class> defines changes nothing, and nobody notices. */
function lintClasses({ source, parts, report }: TemplateText): void {
  const tags = parts.filter((part) => part.kind === 'open');
  const textOf = ({ valueStart, valueEnd }: Attribute) => source.text.slice(valueStart, valueEnd);
  const defined = tags
    .filter(({ name }) => name === 'mj-class')
    .flatMap(({ attributes }) => attributes.filter(({ name }) => name === 'name').map(textOf));
  for (const attribute of tags.flatMap(({ attributes }) =>
    attributes.filter(({ name }) => name === 'mj-class'),
  )) {
    for (const name of textOf(attribute).split(/\s+/).filter(Boolean)) {
      if (defined.includes(name) || name.includes('{')) continue;
      const hint = didYouMean(name, defined) ?? `Define it: <mj-attributes><mj-class name="${name}" … />.`;
      report(attribute.valueStart, MJML, `There is no <mj-class name="${name}">`, { hint });
    }
  }
}
