import type { LinkPart } from './link-parts.js';

/** What the gallery shows of a mail beyond its row in the list and its HTML, which is a file by itself. */
export interface MailView {
  /** The `.eml`. */
  readonly source: string;
  readonly text: string;
  readonly uri: string | null;
  readonly link: readonly LinkPart[];
}

/** Ranges of a chunk's lines: first line and count, one after the other. */
type Ranges = readonly number[];

/**
 * Mails of one template differ in some lines, so each line is kept once for a chunk, and a mail is the ranges of lines that it is
 * made of: a tenth of the size. The pictures' Base64 is left out, since nobody reads it and each is different.
 */
export function createChunk() {
  const lines: string[] = [];
  const places = new Map<string, number>();
  const mails: { source: Ranges; text: Ranges; uri: string | null; link: readonly LinkPart[] }[] = [];

  const rangesOf = (text: readonly string[]): Ranges => {
    const ranges: number[] = [];
    for (const line of text) {
      let place = places.get(line);
      if (place === undefined) {
        place = lines.push(line) - 1;
        places.set(line, place);
      }
      const last = ranges.length - 2;
      if (last >= 0 && (ranges[last] ?? 0) + (ranges[last + 1] ?? 0) === place)
        ranges[last + 1] = (ranges[last + 1] ?? 0) + 1;
      else ranges.push(place, 1);
    }
    return ranges;
  };

  return {
    get size() {
      return mails.length;
    },
    add({ source, text, uri, link }: MailView) {
      mails.push({
        source: rangesOf(withoutPictures(source.split('\r\n'))),
        text: rangesOf(text.split('\n')),
        uri,
        link,
      });
    },
    /** A script that hands the chunk to the page: from disk, a page may run scripts beside it but not read files. */
    toScript: (number: number) => `rollcall(${number},${JSON.stringify({ lines, mails })});\n`,
  };
}

function withoutPictures(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let state: 'text' | 'picture-head' | 'picture' = 'text';
  let left = 0;
  for (const line of lines) {
    if (state === 'picture') {
      if (!line.startsWith('--')) {
        left += line === '' ? 0 : 1;
        continue;
      }
      shown.push(`… ${left} lines of Base64: they are in the .eml file`);
      [state, left] = ['text', 0];
    } else if (state === 'picture-head' && line === '') state = 'picture';
    else if (/^Content-Type: image\//i.test(line)) state = 'picture-head';
    shown.push(line);
  }
  return shown;
}
