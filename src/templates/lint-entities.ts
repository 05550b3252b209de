import { didYouMean } from '../lib/closest.js';
import type { TemplateText } from './template-text.js';

/** Named characters that mail programs know, and nearly all that anybody writes: HTML 4's. */
const ENTITIES = new Set(
  (
    'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
    'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
    'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
    'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
    'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml quot amp lt gt apos OElig oelig Scaron scaron Yuml ' +
    'circ tilde ensp emsp thinsp zwnj zwj lrm rlm ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger permil lsaquo rsaquo ' +
    'euro bull hellip prime Prime oline frasl trade larr uarr rarr darr harr lArr rArr hArr minus infin ne le ge check colon Tab NewLine'
  ).split(' '),
);

/** Finds misspelt entities, which are shown as they stand. */
export function lintEntities({ masked, parts, report }: TemplateText): void {
  for (const part of parts) {
    if (part.kind !== 'text') continue;
    for (const found of masked.slice(part.start, part.end).matchAll(/&([a-zA-Z][a-zA-Z0-9]*);/g)) {
      const [whole, name = ''] = found;
      if (ENTITIES.has(name)) continue;
      const near = didYouMean(name, ENTITIES);
      report(part.start + found.index, 'ROLLCALL_ERR_TEMPLATE_MARKUP', `"${whole}" is shown as it stands`, {
        severity: 'warning',
        hint: near ?? 'Write the character itself: the file is UTF-8.',
      });
    }
  }
}
