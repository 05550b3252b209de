import { describe, expect, test } from 'vitest';
import { directoryOf, failureOf, firstOf, queryOf, readAll, temporaryFile } from './directory-fixtures.js';

const read = (
  text: string | Buffer,
  section: Record<string, unknown> = {},
  attributes: readonly string[] = ['cn', 'mail'],
) =>
  readAll(
    directoryOf({ url: `file:${temporaryFile(text)}`, pageSize: 2 }),
    queryOf({ filter: '(objectClass=*)', ...section }),
    attributes,
  );

const person = (uid: string, lines = '') =>
  `dn: uid=${uid},ou=people,dc=corp,dc=example\nobjectClass: inetOrgPerson\nuid: ${uid}\n${lines}\n`;

describe('an LDIF file', () => {
  test('is read with its folded lines, Base64, comments, version and Windows line ends.', async () => {
    const text = [
      'version: 1',
      '# a comment',
      '  that goes on',
      'dn: uid=a,dc=corp,',
      ' dc=example',
      'objectclass: inetOrgPerson',
      'CN: Long',
      '  name',
      'cn:: 5p2O5aic',
      'mail:a@corp.example',
      'mail:   b@corp.example',
      'mail: a@corp.example',
      'description:',
      'jpegPhoto: text',
      'userCertificate;binary:: AQID',
      '',
      '',
    ].join('\r\n');
    const [found] = await read(text, {}, ['cn', 'mail', 'description', 'jpegphoto', 'usercertificate']);
    expect(found?.dn).toBe('uid=a,dc=corp,dc=example');
    expect(Object.fromEntries(found?.attributes ?? [])).toEqual({
      cn: ['Long name', '李娜'],
      mail: ['a@corp.example', 'b@corp.example'],
      description: [''],
      jpegphoto: [Buffer.from('text').toString('base64')],
      usercertificate: ['AQID'],
    });
  });

  test('needs no line end behind its last line, and no blank line after its version.', async () => {
    expect(await read('version: 1\ndn: uid=a,dc=corp,dc=example\nobjectClass: person')).toHaveLength(1);
  });

  test('gives ids from entryUUID, objectGUID, people.id, or the DN, whichever is there.', async () => {
    const guid = Buffer.from('00112233445566778899aabbccddeeff', 'hex').toString('base64');
    const ids = async (text: string, section = {}) => (await read(text, section)).map(({ id }) => id);
    expect(await ids(person('a', 'entryUUID: 6BA7B810-9DAD-11D1-80B4-00C04FD430C8\n'))).toEqual([
      '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    ]);
    expect(await ids(person('a', `objectGUID:: ${guid}\n`))).toEqual([
      '33221100-5544-7766-8899-aabbccddeeff',
    ]);
    expect(await ids(person('a', 'employeeNumber: E 7\n'), { id: 'employeeNumber' })).toEqual(['E 7']);
    const [one] = await ids(person('a'));
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await ids(person('a').replace('uid=a,ou=people', 'UID=A, OU=people'))).toEqual([one]);
  });

  test('gives only those below the base, in pages, and tells who is barred.', async () => {
    const text = `${person('a')}${person('b', 'shadowExpire: 1\n')}${person('c', 'nsAccountLock: TRUE\n')}dn: dc=corp,dc=example\nobjectClass: top\n`;
    const found = await read(text, { base: 'OU=People, dc=corp,dc=example' });
    expect(found.map(({ barred }) => barred)).toEqual([undefined, 'expired', 'disabled']);
  });

  test('finds a person by id, uid, mail and DN.', async () => {
    const file = temporaryFile(person('a', 'mail: a@corp.example\n') + person('b'));
    const directory = directoryOf({ url: `file:${file}` });
    const request = { query: queryOf(), attributes: ['uid'] };
    const [first] = await directory.find(request, 'A');
    for (const who of [
      first?.id ?? '',
      first?.id.toUpperCase() ?? '',
      'a@CORP.example',
      'uid=a, ou=people,dc=corp,dc=example',
    ])
      expect((await directory.find(request, who)).map((found) => firstOf(found, 'uid'))).toEqual(['a']);
    expect(await directory.find(request, 'uid=*')).toEqual([]);
  });

  test.each([
    ['a value from a URL', person('a', 'jpegPhoto:< file:///etc/passwd\n'), 4, /URL/],
    ['a change record', 'dn: uid=a,dc=corp,dc=example\nchangetype: add\nuid: a\n', 2, /change/],
    ['a record without dn', 'uid: a\n', 1, /begins with "dn:"/],
    ['a second dn', `${person('a').trimEnd()}\n${person('b')}`, 4, /second "dn:"/],
    ['Base64 that is none', person('a', 'cn:: 5p2O5ai\n'), 4, /not Base64/],
    ['a line without a colon', person('a', 'what\n'), 4, /name: value/],
    ['a dn that is none', 'dn: nobody\nuid: a\n', 1, /no distinguished name/],
    ['another version', 'version: 2\n', 1, /version 1/],
    ['bytes that are not UTF-8', Buffer.from(person('a', 'cn: M\xfcller\n'), 'latin1'), 4, /not UTF-8/],
  ])('with %s is refused, and the place is named.', async (_, text, line, message) => {
    const failure = await failureOf(read(text));
    expect([failure.code, failure.exitCode]).toEqual(['ROLLCALL_ERR_LDIF', 2]);
    expect(failure.problems[0]).toMatchObject({ line, column: 1, message: expect.stringMatching(message) });
    expect(failure.problems[0]?.file).toMatch(/people\.ldif$/);
  });

  test('has all of its problems reported at once.', async () => {
    const text = person('a', 'cn:: ?\n') + person('b') + person('c', 'photo:< file:x\n');
    expect((await failureOf(read(text))).problems.map(({ line }) => line)).toEqual([4, 13]);
  });

  test('that is not there, holds nobody, or someone twice, is no complete read.', async () => {
    const missing = await failureOf(readAll(directoryOf({ url: 'file:/nowhere/people.ldif' }), queryOf()));
    expect([missing.code, missing.exitCode]).toEqual(['ROLLCALL_ERR_DIRECTORY_UNREACHABLE', 4]);
    expect((await failureOf(read(''))).facts).toEqual({ check: 'empty', entries: 0 });
    expect((await failureOf(read(person('a') + person('b') + person('a')))).facts).toEqual({
      check: 'duplicate',
      entries: 2,
    });
    expect((await failureOf(read(person('a'), { id: 'employeeNumber' }))).facts).toEqual({
      check: 'id',
      entries: 0,
    });
  });

  test('of many people is read across the bounds of its blocks.', async () => {
    const text = Array.from({ length: 20_000 }, (_, number) =>
      person(`p${number}`, `cn:: ${Buffer.from(`李 ${number}`).toString('base64')}\n`),
    ).join('');
    const found = await read(text);
    expect(found.map((each) => firstOf(each, 'cn'))).toEqual(
      Array.from({ length: 20_000 }, (_, number) => `李 ${number}`),
    );
  });
});

describe('a filter on an LDIF file', () => {
  const text = [
    person(
      'a',
      'cn: Ada  Lovelace\nmail: ada@corp.example\nmail: a@corp.example\nmemberOf: CN=Execs, ou=groups,dc=corp,dc=example\n',
    ),
    person(
      'b',
      'cn: Bo\\Bo (x)*\ntitle: CEO\nuserAccountControl: 514\nuidNumber: 900\ntelephoneNumber: +44 20-1\n',
    ),
    person(
      'c',
      'cn:: w4RybmU=\nsurname: C\nuserAccountControl: 512\nuidNumber: 1000\nhomeDirectory: /home/C\n',
    ),
  ].join('');

  test.each<[string, string]>([
    ['(uid=A)', 'a'],
    ['(cn=ada lovelace)', 'a'],
    ['(cn= ADA   lovelace )', 'a'],
    ['(cn=ada*lace)', 'a'],
    ['(cn=*a l*)', 'a'],
    ['(cn=*o*o*)', 'b'],
    ['(cn=adalovelace)', ''],
    ['(cn=bo\\5cbo \\28x\\29\\2a)', 'b'],
    ['(cn=\\c3\\84rne)', 'c'],
    ['(cn=ärne)', 'c'],
    ['(sn=c)', 'c'],
    ['(mail=*)', 'a'],
    ['(mail=a@corp.example)', 'a'],
    ['(!(mail=*))', 'bc'],
    ['(&(objectClass=person)(!(uid=a))(|(title=ceo)(uid=c)))', 'bc'],
    ['(&)', 'abc'],
    ['(|)', ''],
    ['uid=b', 'b'],
    [' ( & ( uid=b )\n  (title=CEO) ) ', 'b'],
    ['(memberOf=cn=execs,ou=groups,dc=corp,dc=example)', 'a'],
    ['(memberOf=not a dn)', ''],
    ['(!(memberOf=not a dn))', 'bc'],
    ['(uidNumber>=1000)', 'c'],
    ['(uidNumber<=999)', 'b'],
    ['(uidNumber>=many)', ''],
    ['(!(uidNumber>=many))', 'a'],
    ['(title~=ceo)', 'b'],
    ['(telephoneNumber=+44 201)', 'b'],
    ['(homeDirectory=/home/c)', ''],
    ['(homeDirectory:caseIgnoreMatch:=/home/c)', 'c'],
    ['(userAccountControl:1.2.840.113556.1.4.803:=2)', 'b'],
    ['(userAccountControl:1.2.840.113556.1.4.804:=513)', 'bc'],
    ['(cn:caseExactMatch:=ada lovelace)', ''],
    ['(ou:dn:=people)', 'abc'],
    ['(entryDN=uid=a,ou=people,dc=corp,dc=example)', 'a'],
  ])('%s finds %s', async (filter, expected) => {
    const found = await read(text, { filter }, ['uid']).catch((error: { facts?: { check?: string } }) => {
      if (error.facts?.check === 'empty') return [];
      throw error;
    });
    expect(found.map((each) => firstOf(each, 'uid')).join('')).toBe(expected);
  });

  test('with a matching rule that needs a server is refused before anything is read.', async () => {
    const failure = await failureOf(read(text, { filter: '(memberOf:1.2.840.113556.1.4.1941:=cn=a)' }));
    expect([failure.code, failure.exitCode]).toEqual(['ROLLCALL_ERR_LDIF', 2]);
  });
});
