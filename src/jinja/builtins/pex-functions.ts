import { BlockList, isIP } from 'node:net';
import { typeError, valueError } from '../errors.js';
import { inZone } from '../values/datetime.js';
import { toIndex } from '../values/numbers.js';
import { Tuple } from '../values/objects.js';
import { isText } from '../values/operators.js';
import { iterate } from '../values/sequences.js';
import { str } from '../values/text.js';
import type { Value } from '../values/types.js';
import type { Builtin, Environment } from './environment.js';
import { firstMatch } from './first-match.js';
import { quote } from './urls.js';
import { formatUuid } from './uuid.js';

const MAX_PIN = 100;

/** So many decimal digits, each as likely: bytes of 250 and above are thrown away. */
function randomPin({ randomBytes }: Environment, length: number): string {
  if (length < 1 || length > MAX_PIN)
    throw valueError('pex_random_pin: the length must be between 1 and 100');
  let pin = '';
  while (pin.length < length) {
    for (const byte of randomBytes(length)) if (byte < 250 && pin.length < length) pin += byte % 10;
  }
  return pin;
}

function uuid4({ randomBytes }: Environment): string {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40; // RFC 9562 §5.4
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return formatUuid(bytes);
}

function urlEncode(pairs: Value): string {
  return iterate(pairs)
    .map((pair) => {
      const items = Array.isArray(pair) || pair instanceof Tuple ? iterate(pair) : [];
      const [name, value] = items;
      if (name === undefined || value === undefined || items.length !== 2) {
        throw typeError("pex_url_encode takes pairs: pex_url_encode(('name', value), …)");
      }
      return `${plus(str(name))}=${plus(str(value))}`;
    })
    .join('&');
}

/** Python's quote_plus. */
const plus = (text: string): string => quote(text, '').replaceAll('%20', '+');

function inSubnet(address: string, networks: readonly string[]): boolean {
  const family = isIP(address);
  if (family === 0) throw valueError('pex_in_subnet: the first argument is no IP address');
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  return networks.some((network) => {
    const [base = '', bits] = network.split('/');
    const width = family === 4 ? 32 : 128;
    const prefix =
      bits === undefined ? (isIP(base) === 4 ? 32 : 128) : /^\d+$/.test(bits) ? Number(bits) : -1;
    if (isIP(base) === 0 || prefix < 0 || prefix > (isIP(base) === 4 ? 32 : 128)) {
      throw valueError('pex_in_subnet: a network is written as 10.0.0.0/8 or 2001:db8::/32');
    }
    if (isIP(base) !== family || prefix > width) return false;
    const list = new BlockList();
    list.addSubnet(base, prefix, kind);
    return list.check(address, kind);
  });
}

function search(pattern: RegExp, text: string): Value {
  const found = pattern.exec(text);
  return found === null ? null : found.slice(1).map((group: string | undefined) => group ?? null);
}

/** Pexip's functions; see docs/reference/template-language.md. */
export const pexFunctions: Readonly<Record<string, Builtin>> = {
  pex_debug_log: { parameters: [], variadic: true, run: () => '' },
  pex_find_first_match: firstMatch,
  pex_in_subnet: {
    parameters: ['address', 'networks'],
    run: (_environment, [address = null, networks = null]) =>
      inSubnet(str(address).trim(), (isText(networks) ? [networks] : iterate(networks)).map(str)),
  },
  pex_now: {
    parameters: ['tz?'],
    impure: true,
    run: ({ now }, [zone = 'UTC']) => inZone(now(), str(zone)),
  },
  pex_random_pin: {
    parameters: ['length'],
    impure: true,
    run: (environment, [length = null]) =>
      randomPin(environment, toIndex(length, 'pex_random_pin: the length')),
  },
  pex_regex_search: {
    parameters: ['pattern', 'string'],
    run: (environment, [pattern = null, text = null]) => search(environment.pattern(str(pattern)), str(text)),
  },
  pex_url_encode: { parameters: [], variadic: true, run: (_environment, [pairs = null]) => urlEncode(pairs) },
  pex_uuid4: { parameters: [], impure: true, run: (environment) => uuid4(environment) },
};
