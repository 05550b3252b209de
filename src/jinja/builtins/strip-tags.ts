import { decodeHTML } from 'entities';
import { words } from './characters.js';

/** markupsafe's striptags: comments and tags out, white space to single spaces, entities to characters. */
export function stripTags(html: string): string {
  return decodeHTML(words(without(without(html, '<!--', '-->'), '<', '>')).join(' '));
}

function without(text: string, open: string, close: string): string {
  let kept = '';
  let rest = text;
  for (;;) {
    const start = rest.indexOf(open);
    // The end is looked for from the start mark on, so that "<!-->" is a comment of its own.
    const end = start < 0 ? -1 : rest.indexOf(close, start);
    if (end < 0) return kept + rest;
    kept += rest.slice(0, start);
    rest = rest.slice(end + close.length);
  }
}
