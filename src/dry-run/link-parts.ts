/** A piece of a link as people read it: what it is called, and its value without any encoding. */
export type LinkPart = readonly [name: string, value: string];

const SECRET = /pass(?:word|wd|phrase)?$|^pin$|secret|token/i;

/** As long as what it stands for, so that a length that is wrong can still be seen. */
const hidden = (value: string) => '•'.repeat([...value].length);

/**
 * Takes a link apart: scheme, host, path, and each parameter, with Base64 parameters opened, and the pairs inside these.
 * Passwords, and whatever a parameter by such a name holds, are shown as dots.
 */
export function linkParts(uri: string, password: string | undefined): LinkPart[] {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [undefined, '', uri];
  const [beforeQuery = '', ...query] = (rest.split('#', 1)[0] ?? '').split('?');
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?(.*)$/s.exec(beforeQuery) ?? [];
  const at = authority?.lastIndexOf('@') ?? -1;
  const [user, ...userPassword] = at === -1 ? [] : (authority?.slice(0, at) ?? '').split(':');
  const named: (readonly [string, string | undefined])[] = [
    ['scheme', scheme],
    ['user', user],
    ['password', userPassword.length > 0 ? userPassword.join(':') : undefined],
    ['host', authority?.slice(at + 1)],
    ['path', path === '/' ? '' : path],
  ];
  const parts = [
    ...named.flatMap(([name, value]): LinkPart[] => (value ? [[name, decoded(value)]] : [])),
    ...pairsOf(query.join('?')).flatMap(opened),
  ];
  return parts.map(([name, value]) => [
    name,
    SECRET.test(name) || (password !== undefined && value === password) ? hidden(value) : value,
  ]);
}

/** A parameter whose value is Base64 text is shown as that text; where the text is pairs again, as these. */
function opened([name, value]: LinkPart): LinkPart[] {
  const text = fromBase64(value);
  if (text === undefined) return [[name, value]];
  const pairs = pairsOf(text);
  return /^[A-Za-z_]\w*=/.test(text) && pairs.length > 0
    ? pairs.map(([inner, of]) => [`${name} › ${inner}`, of])
    : [[name, text]];
}

/** Browsers and the clients read pairs as forms do, where "+" is a space. */
function pairsOf(query: string): LinkPart[] {
  return query === ''
    ? []
    : query.split('&').map((pair) => {
        const equals = pair.indexOf('=');
        const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
        return [decoded(name), decoded(value.replaceAll('+', ' '))];
      });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const SHORTEST_BASE64 = 8;

/** The text in a Base64 value; undefined where it is not Base64, or not of text. */
function fromBase64(value: string): string | undefined {
  const bare = value.replaceAll(' ', '+');
  if (bare.length < SHORTEST_BASE64 || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare))
    return undefined;
  const bytes = Buffer.from(bare, 'base64');
  const text = bytes.toString('utf8');
  return !text.includes('\uFFFD') && !/(?![\n\t])\p{Cc}/u.test(text) ? text : undefined;
}
