import { decodeHTML } from 'entities';
import { valueError } from '../errors.js';
import { unquote } from './urls.js';

/** Microsoft Safe Links: the link is in the parameter `url`. Anything else stays as it is. */
export function decodeSafeLinks(text: string): string {
  const link = parse(text);
  if (
    link === undefined ||
    !/(^|\.)safelinks\.protection\.(outlook|office365)\.(com|us|cn)$/i.test(link.hostname)
  )
    return text;
  return parameter(link, 'url') ?? text;
}

/** Proofpoint URL Defense, versions 1, 2 and 3. Anything else stays as it is. */
export function decodeUrlDefense(text: string): string {
  const link = parse(text);
  if (link === undefined || !/(^|\.)urldefense(\.proofpoint)?\.(com|us)$/i.test(link.hostname)) return text;
  if (link.pathname.startsWith('/v1/')) return decodeHTML(parameter(link, 'u') ?? text);
  if (link.pathname.startsWith('/v2/')) return decodeSecond(parameter(link, 'u') ?? text);
  return link.pathname.startsWith('/v3/') ? decodeThird(text) : text;
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The parameter as it was written, decoded once; a plus is a plus. */
function parameter(link: URL, name: string): string | undefined {
  const pair = link.search
    .slice(1)
    .split('&')
    .find((part) => part.startsWith(`${name}=`));
  return pair === undefined ? undefined : unquote(pair.slice(name.length + 1));
}

function decodeSecond(value: string): string {
  return decodeHTML(unquote(value.replaceAll('-', '%').replaceAll('_', '/')));
}

/** How many characters `**x` stands for, by the place of x: two for A. */
const RUN_LENGTHS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Characters that are not safe were taken out, and `*` is in their place: they are in Base64 at the end. */
function decodeThird(text: string): string {
  const found = /v3\/__(.+?)__;([A-Za-z0-9_-]*)!/u.exec(text);
  if (!found) return text;
  const [, url = '', encoded = ''] = found;
  const taken = Array.from(Buffer.from(encoded, 'base64url').toString('utf8'));
  let next = 0;
  const decoded = unquote(url).replace(/\*(?:\*(.))?/gu, (token: string, run: string | undefined) => {
    const count = run === undefined ? 1 : RUN_LENGTHS.indexOf(run) + 2;
    if (token.length > 1 && count < 2) throw valueError('pex_urldefense_decode: the link is damaged');
    const characters = taken.slice(next, next + count);
    next += count;
    return characters.join('');
  });
  // One slash is lost where a proxy tidied the path.
  return decoded.replace(/^([a-z0-9+.-]+:\/)([^/].+)/i, '$1/$2');
}
