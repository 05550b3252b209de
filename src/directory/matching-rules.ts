import { binaryAttributes, dnAttributes } from '../model/attributes.js';
import { normaliseDn } from '../model/dn.js';

/** How the values of an attribute are compared with an assertion (RFC 4517 §4). Results are undefined where they cannot be. */
export interface Matching {
  equal(assertion: Buffer): (value: string) => boolean | undefined;
  /** Below zero where the value comes before the assertion. */
  compare(assertion: Buffer): (value: string) => number | undefined;
  substrings(parts: Substrings): (value: string) => boolean | undefined;
}

interface Substrings {
  readonly initial: Buffer | undefined;
  readonly any: readonly Buffer[];
  readonly final: Buffer | undefined;
}

/** Text after preparation (RFC 4518): equal prepared texts are equal values. */
type Prepare = (text: string) => string | undefined;

const INTEGERS: ReadonlySet<string> = new Set(
  `accountexpires admincount badpasswordtime badpwdcount codepage countrycode gidnumber grouptype instancetype lastlogoff
  lastlogon lastlogontimestamp lockouttime logoncount primarygroupid pwdlastset samaccounttype shadowexpire shadowflag
  shadowinactive shadowlastchange shadowmax shadowmin shadowwarning systemflags uidnumber useraccountcontrol usnchanged
  usncreated msexchrecipienttypedetails msexchrecipientdisplaytype msexchuseraccountcontrol sambakickofftime`.split(
    /\s+/,
  ),
);
/** RFC 2307, RFC 4519: told apart by case. */
const CASE_EXACT: ReadonlySet<string> = new Set([
  'homedirectory',
  'loginshell',
  'memberuid',
  'userpassword',
  'labeleduri',
  'sshpublickey',
]);
const TELEPHONES: ReadonlySet<string> = new Set([
  'telephonenumber',
  'facsimiletelephonenumber',
  'homephone',
  'mobile',
  'pager',
]);

const squash = (text: string) => text.trim().replace(/\s+/g, ' ');
const ignoreCase: Prepare = (text) => squash(text.normalize('NFKC')).toLowerCase();
const exact: Prepare = (text) => squash(text.normalize('NFKC'));

const caseIgnore = textMatching(ignoreCase);
const caseExact = textMatching(exact);
const telephone = textMatching((text) => ignoreCase(text)?.replace(/[ -]/g, ''));
const distinguishedName = textMatching((text) => normaliseDn(text));
const octets: Matching = {
  equal: (assertion) => {
    const encoded = assertion.toString('base64');
    return (value) => value === encoded;
  },
  compare: (assertion) => (value) => Buffer.compare(Buffer.from(value, 'base64'), assertion),
  substrings: () => () => undefined,
};
const integer: Matching = {
  equal: (assertion) => {
    const compare = integer.compare(assertion);
    return (value) => {
      const order = compare(value);
      return order === undefined ? undefined : order === 0;
    };
  },
  compare: (assertion) => {
    const wanted = wholeNumber(assertion.toString('utf8'));
    return (value) => {
      const number = wholeNumber(value);
      if (number === undefined || wanted === undefined) return undefined;
      return number < wanted ? -1 : number > wanted ? 1 : 0;
    };
  },
  substrings: caseIgnore.substrings,
};
/** Active Directory's LDAP_MATCHING_RULE_BIT_AND and _OR (MS-ADTS §3.1.1.3.4.4). */
const bits = (holds: (value: bigint, mask: bigint) => boolean): Matching => ({
  ...integer,
  equal: (assertion) => {
    const mask = wholeNumber(assertion.toString('utf8'));
    return (value) => {
      const number = wholeNumber(value);
      return number === undefined || mask === undefined ? undefined : holds(number, mask);
    };
  },
});

const RULES: Readonly<Record<string, Matching>> = {
  '1.2.840.113556.1.4.803': bits((value, mask) => (value & mask) === mask),
  '1.2.840.113556.1.4.804': bits((value, mask) => (value & mask) !== 0n),
  '2.5.13.1': distinguishedName,
  distinguishednamematch: distinguishedName,
  '2.5.13.2': caseIgnore,
  caseignorematch: caseIgnore,
  '1.3.6.1.4.1.1466.109.114.2': caseIgnore,
  caseignoreia5match: caseIgnore,
  '2.5.13.5': caseExact,
  caseexactmatch: caseExact,
  '1.3.6.1.4.1.1466.109.114.1': caseExact,
  caseexactia5match: caseExact,
  '2.5.13.14': integer,
  integermatch: integer,
  '2.5.13.17': octets,
  octetstringmatch: octets,
};

/** How values of that attribute (lower case) are compared where a filter does not say. */
export function matchingOf(attribute: string): Matching {
  const base = attribute.replace(/;.*$/, '');
  if (binaryAttributes.has(base)) return octets;
  if (dnAttributes.has(base)) return distinguishedName;
  if (INTEGERS.has(base)) return integer;
  if (TELEPHONES.has(base)) return telephone;
  return CASE_EXACT.has(base) ? caseExact : caseIgnore;
}

/** The matching rule of that name or OID, or undefined where only a server can answer it. */
export function matchingRule(rule: string): Matching | undefined {
  return RULES[rule.toLowerCase()];
}

function textMatching(prepare: Prepare): Matching {
  return {
    equal: (assertion) => {
      const wanted = prepare(assertion.toString('utf8'));
      return (value) => {
        const text = prepare(value);
        return wanted === undefined || text === undefined ? undefined : text === wanted;
      };
    },
    compare: (assertion) => {
      const wanted = prepare(assertion.toString('utf8'));
      return (value) => {
        const text = prepare(value);
        if (wanted === undefined || text === undefined) return undefined;
        return text < wanted ? -1 : text > wanted ? 1 : 0;
      };
    },
    substrings: ({ initial, any, final }) => {
      // Blanks at the ends of a part count, since other characters stand beside them.
      const part = (bytes: Buffer | undefined) =>
        (bytes?.toString('utf8') ?? '').normalize('NFKC').replace(/\s+/g, ' ');
      const fold = prepare('A') === 'a' ? (text: string) => text.toLowerCase() : (text: string) => text;
      const first = fold(part(initial)).trimStart();
      const last = fold(part(final)).trimEnd();
      const between = any.map((each) => fold(part(each)));
      return (value) => {
        const text = prepare(value);
        if (text === undefined) return undefined;
        if (!text.startsWith(first)) return false;
        let at = first.length;
        for (const each of between) {
          const found = text.indexOf(each, at);
          if (found < 0) return false;
          at = found + each.length;
        }
        return text.length - last.length >= at && text.endsWith(last);
      };
    },
  };
}

function wholeNumber(text: string): bigint | undefined {
  return /^\s*-?\d+\s*$/.test(text) ? BigInt(text) : undefined;
}
