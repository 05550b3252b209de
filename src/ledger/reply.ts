import type { ReplyRecord } from './types.js';

/** A reply as one text: code, enhanced status and words, by tabs. */
export function packReply({ code, enhanced, text }: ReplyRecord): string {
  return [code, enhanced ?? '', text.replaceAll('\t', ' ')].join('\t');
}

export function unpackReply(packed: string | undefined): ReplyRecord | undefined {
  if (packed === undefined) return undefined;
  const [code, enhanced, ...text] = packed.split('\t');
  return { code: Number(code), enhanced: enhanced || undefined, text: text.join(' ') };
}
