import type { SymbolUse } from '../jinja/types.js';
import type { SourceFile } from './source.js';
import type { Token } from './tokens.js';

const WORDS = new Set(
  'if elif else endif for in endfor set endset not and or is defined none None true True false False with endwith'.split(
    ' ',
  ),
);

/**
 * The variables of a file whose template language has a fault, as its words tell: good enough to look for secrets and links
 * in it, so that one unknown filter does not hide everything else that is wrong.
 */
export function roughSymbols(source: SourceFile, tokens: readonly Token[]): readonly SymbolUse[] {
  const symbols: SymbolUse[] = [];
  for (const token of tokens) {
    if (token.kind === 'comment') continue;
    const bare = token.text.replace(/"[^"]*"|'[^']*'/g, (text) => ' '.repeat(text.length));
    for (const found of bare.matchAll(/(?<![\w.])(?<!\|\s*)[a-zA-Z_]\w*(?:\.\w+)*(?!\s*[(\w])/g)) {
      const path = found[0].split('.');
      const [name = ''] = path;
      if (WORDS.has(name)) continue;
      symbols.push({ name, path, ...source.at(token.start + found.index), guarded: false, maybeSet: false });
    }
  }
  return symbols;
}
