import { describe, expect, it } from 'vitest';
import { matchFirst } from '../../src/matching/match.js';
import { aliasesSchema } from '../../src/matching/schema.js';
import { validate } from '../../src/settings/validate.js';
import { parseYaml } from '../../src/settings/yaml.js';

function patterns(text: string) {
  const { document } = parseYaml(text, 'a.yaml');
  if (!document) throw new Error('not YAML');
  const { value, problems } = validate(document, aliasesSchema({ dir: '/' }));
  if (!value) throw new Error(JSON.stringify(problems));
  return value;
}

function problemsOf(text: string) {
  const { document } = parseYaml(text, 'a.yaml');
  if (!document) throw new Error('not YAML');
  return validate(document, aliasesSchema({ dir: '/' })).problems.map(
    ({ line, column, code, message }) => `${line}:${column} ${code.slice('ROLLCALL_ERR_'.length)} ${message}`,
  );
}

const person = (attributes: Record<string, string[]>) => new Map(Object.entries(attributes));

/** Whether a value of an attribute matches what is written in YAML's flow style. */
function holds(attribute: string, match: string, ...values: string[]): boolean {
  const written = `- { name: x, alias: a, match: { ${attribute}: ${match} } }`;
  return matchFirst(patterns(written), person({ [attribute.toLowerCase()]: values })) !== undefined;
}

describe('match values', () => {
  it.each([
    ['"*@corp.example"', 'Anna@CORP.example', true],
    ['"*@corp.example"', 'anna@corp.example.org', false],
    ['"a?na@*"', 'anna@x', true],
    ['"straße*"', 'STRASSE 5', true],
    ['"/^a/"', 'Anna', false],
    ['"/^a/i"', 'Anna', true],
    ['"/nn/"', 'anna', true],
    ['[leaver, guest]', 'Guest', true],
    ['[leaver, "/^g/"]', 'staff', false],
    ['"a.c"', 'abc', false],
    ['"(*)"', '(x)', true],
  ])('%s on %s: %s', (match, value, expected) => {
    expect(holds('title', match, value)).toBe(expected);
  });

  it('need one value of several to match', () => {
    expect(holds('mail', '"*@b"', 'x@a', 'y@b')).toBe(true);
    expect(holds('mail', '"*@b"')).toBe(false);
  });

  it.each([
    ['"cn=execs,*"', 'CN=Execs,OU=Groups,DC=corp', true],
    ['"cn=execs, ou=groups , dc=corp"', 'CN=execs,OU=Groups,DC=corp', true],
    ['"cn=execs,*"', 'cn=execs\\, retired,ou=groups', false],
    ['"cn=execs\\\\, retired,*"', 'cn=execs\\2c retired,ou=groups', true],
    ['"cn=execs?retired,*"', 'cn=execs\\,retired,ou=groups', true],
    ['"*,ou=groups,*"', 'cn=a b, OU=Groups, dc=corp', true],
    ['"cn=a b,*"', 'CN=A  B,dc=corp', true],
    ['"cn=Jos\u00e9,*"', 'cn=Jos\\c3\\a9,dc=corp', true],
    ['"cn=a\\\\*b,*"', 'cn=a\\2ab,dc=corp', true],
    ['"cn=a\\\\*b,*"', 'cn=axb,dc=corp', false],
    ['"uid=1+cn=a,*"', 'CN=a+UID=1,dc=corp', true],
    ['"cn=\\"a, b\\",*"', 'cn=a\\, b,dc=corp', true],
    ['"/^cn=execs,ou=groups,/i"', 'CN=Execs, OU=groups, DC=corp', true],
    ['"/^cn=Execs/"', 'CN=Execs,OU=groups', true],
    ['"/^cn=a\\\\\\\\, b,/"', 'CN=a\\2c b,OU=groups', true],
    ['"*"', 'not a name', true],
  ])('of DN attributes are compared normalised: %s on %s: %s', (match, value, expected) => {
    expect(holds('memberOf', match, value)).toBe(expected);
  });

  it('of other attributes are compared as they are', () => {
    expect(holds('title', '"cn=execs,*"', 'cn=execs, ou=x')).toBe(true);
    expect(holds('title', '"cn=execs,ou=x"', 'cn=execs, ou=x')).toBe(false);
  });
});

describe('patterns', () => {
  const list = patterns(`
- { name: execs, alias: a, match: { memberOf: "cn=execs,*", mail: "/^(?<local>[^@]+)@(?<host>corp|x)$/i" } }
- { name: leavers, skip: true, match: { employeeType: [leaver, "/^(?<kind>guest)-/"] } }
- { name: staff, alias: b, match: { mail: "*@corp" } }
`);

  it('match where all their attributes hold', () => {
    const found = matchFirst(list, person({ memberof: ['CN=Execs,DC=x'], mail: ['Anna@Corp'] }));
    expect(found).toMatchObject({
      pattern: { name: 'execs' },
      groups: { local: 'Anna', host: 'Corp' },
      mail: 'Anna@Corp',
    });
    expect(matchFirst(list, person({ mail: ['Anna@Corp'] }))?.pattern.name).toBe('staff');
  });

  it('are tried in order', () => {
    const leaver = person({ employeetype: ['x', 'guest-2'], mail: ['a@corp'] });
    expect(matchFirst(list, leaver)).toMatchObject({
      pattern: { name: 'leavers', skip: true },
      groups: { kind: 'guest' },
    });
  });

  it('match nobody who fits none', () => {
    expect(matchFirst(list, person({ mail: ['a@other'] }))).toBeUndefined();
    expect(matchFirst(list, person({}))).toBeUndefined();
  });

  it('give no group that took no part', () => {
    const [pattern] = patterns('- { name: x, alias: a, match: { mail: "/^(?<a>a)?(?<b>.*)$/" } }');
    expect(pattern && matchFirst([pattern], person({ mail: ['bc'] }))?.groups).toEqual({ b: 'bc' });
  });
});

describe('the address', () => {
  const staff = patterns(
    '- { name: staff, alias: b, match: { mail: ["/^(?<who>.+)@corp$/", "*@sub.corp"] } }',
  );
  const anyone = patterns('- { name: all, alias: b, match: { uid: "*" } }');

  it('is the one that matched', () => {
    expect(matchFirst(staff, person({ mail: ['a@other', 'z@corp'] }))?.mail).toBe('z@corp');
  });

  it('is, of several that matched, the one used last time', () => {
    const several = person({ mail: ['b@corp', 'a@corp', 'c@corp', 'c@other'] });
    const used = (mail: string) => ({ usedLast: (each: string) => each === mail });
    expect(matchFirst(staff, several, used('c@corp'))).toMatchObject({
      mail: 'c@corp',
      groups: { who: 'c' },
    });
    expect(matchFirst(staff, several, used('c@other'))?.mail).toBe('a@corp');
  });

  it('is otherwise the bytewise lowest, whatever the order of the values', () => {
    expect(matchFirst(staff, person({ mail: ['b@corp', 'a@corp'] }))).toMatchObject({
      mail: 'a@corp',
      groups: { who: 'a' },
    });
    expect(matchFirst(anyone, person({ uid: ['x'], mail: ['é@x', 'Z@x', 'a@x'] }))?.mail).toBe('Z@x');
    expect(matchFirst(anyone, person({ uid: ['x'], mail: ['\u{1F600}@x', '\uFF21@x'] }))?.mail).toBe(
      '\uFF21@x',
    );
  });

  it('is none where the person has none', () => {
    expect(matchFirst(anyone, person({ uid: ['x'] }))?.mail).toBeUndefined();
  });
});

describe('the schema of alias patterns', () => {
  it.each([
    [
      'a regular expression that is none',
      '- { name: x, alias: a, match: { mail: "/(/" } }',
      /^1:39 PATTERN \[0\]\.match\.mail: .*Unterminated group\.$/,
    ],
    ['a flag that is none', '- { name: x, alias: a, match: { mail: "/a/ix" } }', /^1:39 PATTERN .*flags/],
    ['the flag g', '- { name: x, alias: a, match: { mail: "/a/g" } }', /^1:39 PATTERN .*no meaning/],
    [
      'a slash without its end',
      '- { name: x, alias: a, match: { mail: "/a" } }',
      /^1:39 PATTERN .*written \/…\//,
    ],
    [
      'a bad alternative',
      '- { name: x, alias: a, match: { mail: [a, "/[/"] } }',
      /^1:43 PATTERN \[0\]\.match\.mail\[1\]/,
    ],
    [
      'a group named twice in one expression',
      '- { name: x, alias: a, match: { mail: "/(?<a>x)(?<a>y)/" } }',
      /PATTERN .*Duplicate capture group name/,
    ],
    [
      'an attribute named twice',
      '- { name: x, alias: a, match: { mail: a, Mail: b } }',
      /^1:48 VALUE .*named twice/,
    ],
    ['no attribute at all', '- { name: x, alias: a, match: {} }', /^1:31 VALUE .*names no attribute/],
    ['no match', '- { name: x, alias: a }', /^1:3 MISSING_KEY \[0\]\.match is missing/],
    ['neither alias nor skip', '- { name: x, match: { mail: a } }', /^1:3 MISSING_KEY .*needs an alias/],
    [
      'an unknown key',
      '- { name: x, alais: a, match: { mail: a } }',
      /^1:14 UNKNOWN_KEY Unknown key \[0\]\.alais/,
    ],
    ['no pattern', '[]', /^1:1 VALUE .*needs at least one entry/],
  ])('refuses %s', (_what, text, expected) => {
    expect(problemsOf(text).join('\n')).toMatch(new RegExp(expected.source, 'm'));
  });

  it('refuses a second pattern of the same name', () => {
    const twice = '- { name: x, alias: a, match: { mail: a } }\n- { name: x, alias: b, match: { mail: b } }';
    expect(problemsOf(twice)).toEqual(['2:11 VALUE [1].name: another pattern is named "x" already.']);
  });
});
