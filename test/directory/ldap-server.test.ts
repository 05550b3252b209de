import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../src/lib/processes.js';
import { normaliseDn } from '../../src/model/dn.js';
import { type SandboxSlapd, startSandboxSlapd } from '../../src/sandbox/slapd.js';
import { createTestCa } from '../support/tls.js';
import {
  directoryOf,
  failureOf,
  firstOf,
  queryOf,
  readAll,
  temporaryDirectory,
} from './directory-fixtures.js';

const COUNT = 1_000;
const dir = temporaryDirectory();
const ca = createTestCa(join(dir.path, 'tls'));
const stranger = createTestCa(join(dir.path, 'stranger'));
const ldif = join(dir.path, 'people.ldif');
const names = ['李娜', 'ليلى', 'Renée'.normalize('NFD'), '"&+%<>', '{{ uid }}', 'two\nlines', "O'Brien"];

/** ppolicy brings the schema of pwdAccountLockedTime; these are other servers' ways. */
const schema = `
attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.4203.666.77.1 NAME 'otherAccount' SUP top AUXILIARY MAY ( nsAccountLock $ userAccountControl $ objectGUID ) )
`;

function entry(number: number): string {
  const uuid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const extra: Record<number, string> = {
    1: 'pwdAccountLockedTime: 000001010000Z',
    2: 'pwdAccountLockedTime: 20260101120000Z',
    3: 'nsAccountLock: true',
    4: 'userAccountControl: 514',
    5: 'mail: second@corp.example\nMAIL: third@corp.example',
    6: `objectGUID:: ${base64('0123456789abcdef')}`,
    7: `jpegPhoto:: ${base64('looks like text')}`,
  };
  return [
    `dn: uid=p${number},ou=people,dc=corp,dc=example`,
    'objectClass: inetOrgPerson',
    'objectClass: otherAccount',
    `uid: p${number}`,
    `cn:: ${base64(`${names[number % names.length]} ${number}`)}`,
    `sn:: ${base64(names[number % names.length] ?? '')}`,
    `mail: p${number}@corp.example`,
    ...(extra[number] ? [extra[number]] : []),
    `entryUUID: ${uuid}`,
    '',
    '',
  ].join('\n');
}

const frame = `dn: dc=corp,dc=example
objectClass: dcObject
objectClass: organization
dc: corp
o: Corp

dn: ou=people,dc=corp,dc=example
objectClass: organizationalUnit
ou: people

dn: cn=reader,dc=corp,dc=example
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: reader
userPassword: reader-secret

dn: cn=limited,dc=corp,dc=example
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: limited
userPassword: limited-secret

`;

let slapd: SandboxSlapd;
beforeAll(async () => {
  writeFileSync(ldif, frame + Array.from({ length: COUNT }, (_, index) => entry(index)).join(''));
  const { certFile, keyFile } = ca.issue();
  slapd = await startSandboxSlapd({
    dir: join(dir.path, 'slapd'),
    ldif,
    base: 'dc=corp,dc=example',
    tls: { certFile, keyFile },
    schema,
    database: 'limits dn.exact="cn=limited,dc=corp,dc=example" size.soft=100 size.hard=100 size.prtotal=100',
  });
});
afterAll(async () => {
  await slapd?.stop();
  dir.remove();
});

const login = { bindDn: 'cn=reader,dc=corp,dc=example', bindPassword: 'reader-secret' };

describe('people from slapd', () => {
  test('come in pages, every one of them once, with all of their values as they are.', async () => {
    const directory = directoryOf({ url: slapd.url, ...login, pageSize: 300 });
    const pages: number[] = [];
    const people = [];
    for await (const page of directory.read({
      query: queryOf(),
      attributes: ['cn', 'mail', 'commonname', 'telephonenumber'],
    })) {
      pages.push(page.length);
      people.push(...page);
    }
    expect(pages).toEqual([300, 300, 300, 100]);
    expect(new Set(people.map(({ id }) => id)).size).toBe(COUNT);
    for (const person of people) {
      const number = Number(person.id.slice(-12));
      expect(firstOf(person, 'cn')).toBe(`${names[number % names.length]} ${number}`);
      expect(person.attributes.get('commonname')).toEqual(person.attributes.get('cn'));
      expect([...person.attributes.keys()].sort()).toEqual(['cn', 'commonname', 'mail']);
    }
    const fifth = people.find(({ dn }) => dn.startsWith('uid=p5,'));
    expect(fifth?.attributes.get('mail')).toEqual([
      'p5@corp.example',
      'second@corp.example',
      'third@corp.example',
    ]);
  });

  test('are barred where the directory says so, and not for being locked a while.', async () => {
    const people = await readAll(directoryOf({ url: slapd.url }), queryOf(), ['uid']);
    const barred = people.filter((person) => person.barred !== undefined);
    expect(barred.map((person) => [firstOf(person, 'uid'), person.barred]).sort()).toEqual([
      ['p1', 'disabled'],
      ['p3', 'disabled'],
      ['p4', 'disabled'],
    ]);
  });

  test('have bytes as Base64, also where they look like text.', async () => {
    const query = queryOf({ filter: '(|(uid=p6)(uid=p7))' });
    const people = await readAll(directoryOf({ url: slapd.url }), query, ['objectguid', 'jpegphoto']);
    const of = (uid: string) => people.find(({ dn }) => dn.startsWith(`uid=${uid},`));
    expect(firstOf(of('p6'), 'objectguid')).toBe(Buffer.from('0123456789abcdef').toString('base64'));
    expect(firstOf(of('p7'), 'jpegphoto')).toBe(Buffer.from('looks like text').toString('base64'));
    const byGuid = await readAll(
      directoryOf({ url: slapd.url }),
      queryOf({ filter: '(uid=p6)', id: 'objectGUID' }),
    );
    expect(byGuid[0]?.id).toBe('33323130-3534-3736-3839-616263646566');
  });

  test('are found by id, uid, mail and DN, and only within base and filter.', async () => {
    const directory = directoryOf({ url: slapd.url, ...login });
    const request = { query: queryOf({ base: 'ou=people,dc=corp,dc=example' }), attributes: ['uid'] };
    const id = '00000000-0000-4000-8000-000000000042';
    for (const who of [
      id,
      id.toUpperCase(),
      'p42',
      'P42@corp.example',
      'UID=p42, ou=people,dc=corp,dc=example',
    ])
      expect([who, (await directory.find(request, who)).map((person) => person.id)]).toEqual([who, [id]]);
    for (const who of ['nobody', 'p42*', '*', 'uid=p42,ou=other,dc=corp,dc=example', 'dc=corp,dc=example'])
      expect([who, await directory.find(request, who)]).toEqual([who, []]);
    const narrow = { ...request, query: queryOf({ filter: '(uid=p1)' }) };
    expect(await directory.find(narrow, 'p42')).toEqual([]);
    expect(await directory.find(narrow, 'uid=p42,ou=people,dc=corp,dc=example')).toEqual([]);
  });

  test('are found by a GUID too, whose bytes are no text.', async () => {
    const directory = directoryOf({ url: slapd.url });
    const request = { query: queryOf({ id: 'objectGUID' }), attributes: [] };
    await expect(directory.find(request, '33323130-3534-3736-3839-616263646566')).resolves.toHaveLength(1);
  });
});

describe('a connection', () => {
  const read = (section: Record<string, unknown>, allowPlaintext = false) =>
    readAll(directoryOf(section, allowPlaintext), queryOf({ filter: '(uid=p42)' }));

  test('is encrypted by LDAPS or StartTLS and verified before the password is given.', async () => {
    await expect(read({ url: slapd.secureUrl, caFile: ca.caFile, ...login })).resolves.toHaveLength(1);
    const startTls = { url: slapd.url, startTls: true, caFile: ca.caFile, ...login };
    await expect(read(startTls)).resolves.toHaveLength(1);
    await expect(read({ ...startTls, serverName: 'localhost' })).resolves.toHaveLength(1);
    for (const section of [startTls, { ...startTls, startTls: false, url: slapd.secureUrl }]) {
      const unknown = await failureOf(read({ ...section, caFile: stranger.caFile }));
      expect([unknown.code, unknown.exitCode]).toEqual(['ROLLCALL_ERR_DIRECTORY_TLS', 4]);
      expect(unknown.hint).toContain('directory.caFile');
      const wrong = await failureOf(read({ ...section, serverName: 'other.example' }));
      expect(wrong.code).toBe('ROLLCALL_ERR_DIRECTORY_TLS');
      expect(wrong.hint).toContain('directory.serverName');
    }
  });

  test('to a server whose certificate has expired, or is for another name, is not trusted.', async () => {
    for (const [certificate, hint] of [
      [ca.issueExpired(), /expired/],
      [ca.issueForAnotherName(), /another name/],
    ] as const) {
      const { certFile, keyFile } = certificate;
      const other = await startSandboxSlapd({
        dir: join(dir.path, `slapd-${hint.source.slice(0, 3)}`),
        ldif,
        base: 'dc=corp,dc=example',
        tls: { certFile, keyFile },
        schema,
      });
      onTestFinished(() => other.stop());
      for (const section of [{ url: other.secureUrl }, { url: other.url, startTls: true }]) {
        const failure = await failureOf(read({ ...section, caFile: ca.caFile }));
        expect(failure.code).toBe('ROLLCALL_ERR_DIRECTORY_TLS');
        expect(failure.hint).toMatch(hint);
      }
    }
  });

  test('in the clear is for this machine alone, unless the settings allow it.', async () => {
    const url = 'ldap://ldap.example:389';
    const failure = await failureOf(read({ url, ...login }));
    expect([failure.code, failure.exitCode]).toEqual(['ROLLCALL_ERR_PLAINTEXT', 2]);
    // Allowed, it gets as far as DNS: .invalid is nobody's (RFC 6761).
    const allowed = await failureOf(read({ url: 'ldap://ldap.invalid', ...login }, true));
    expect(allowed.code).toBe('ROLLCALL_ERR_DIRECTORY_UNREACHABLE');
  });

  test('with a wrong password, or to nobody, says so without the password.', async () => {
    const wrong = await failureOf(read({ url: slapd.url, ...login, bindPassword: 'not-this-one' }));
    expect([wrong.code, wrong.exitCode]).toEqual(['ROLLCALL_ERR_DIRECTORY_LOGIN', 4]);
    expect(JSON.stringify([wrong.message, wrong.hint, wrong.facts])).not.toContain('not-this-one');
    const nobody = await failureOf(read({ url: `ldap://127.0.0.1:${await freePort()}`, ...login }));
    expect([nobody.code, nobody.exitCode]).toEqual(['ROLLCALL_ERR_DIRECTORY_UNREACHABLE', 4]);
    expect(nobody.message).toContain('ECONNREFUSED');
  });

  test('to something that never answers is given up in time.', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    for (const section of [
      { url: `ldap://127.0.0.1:${port}` },
      { url: `ldaps://127.0.0.1:${port}` },
      { url: `ldap://127.0.0.1:${port}`, startTls: true },
    ]) {
      const failure = await failureOf(read({ ...section, timeout: '100ms' }));
      expect(failure.code).toBe('ROLLCALL_ERR_DIRECTORY_UNREACHABLE');
    }
  });

  test('that does not speak TLS is told apart from one that is not trusted.', async () => {
    const port = new URL(slapd.url).port;
    const failure = await failureOf(read({ url: `ldaps://127.0.0.1:${port}`, timeout: '2s' }));
    expect(failure.code).toMatch(/ROLLCALL_ERR_DIRECTORY_(TLS|UNREACHABLE)/);
  });
});

describe('a real server that stops early', () => {
  test('at its size limit gives an incomplete read.', async () => {
    const directory = directoryOf({
      url: slapd.url,
      bindDn: 'cn=limited,dc=corp,dc=example',
      bindPassword: 'limited-secret',
      pageSize: 40,
    });
    const failure = await failureOf(readAll(directory, queryOf()));
    expect(failure.code).toBe('ROLLCALL_ERR_DIRECTORY_INCOMPLETE');
    expect(failure.facts).toEqual({ check: 'size-limit', entries: 80 });
  });

  test.each([
    ['in the clear', {}],
    ['over StartTLS', { startTls: true }],
  ])('because it is killed gives an incomplete read, %s.', async (_, section) => {
    const { certFile, keyFile } = ca.issue();
    const victim = await startSandboxSlapd({
      dir: join(dir.path, `victim-${Object.keys(section).length}`),
      ldif,
      base: 'dc=corp,dc=example',
      tls: { certFile, keyFile },
      schema,
    });
    onTestFinished(() => victim.stop());
    const directory = directoryOf({ url: victim.url, caFile: ca.caFile, pageSize: 10, ...section });
    const pages = directory.read({ query: queryOf(), attributes: [] });
    await pages.next();
    process.kill(victim.pid, 'SIGKILL');
    const rest = (async () => {
      for await (const _ of pages);
    })();
    const failure = await failureOf(rest);
    expect(failure.code).toBe('ROLLCALL_ERR_DIRECTORY_INCOMPLETE');
    expect(failure.facts.check).toMatch(/^(connection|bound)$/);
  });

  test('because the base is not there gives an incomplete read.', async () => {
    const failure = await failureOf(
      readAll(directoryOf({ url: slapd.url }), queryOf({ base: 'ou=none,dc=corp,dc=example' })),
    );
    expect(failure.facts).toEqual({ check: 'base', entries: 0 });
  });
});

describe('check', () => {
  test('says how connection, TLS, login, base and ids are.', async () => {
    const lines = await directoryOf({ url: slapd.secureUrl, caFile: ca.caFile, ...login }).check(queryOf());
    expect(lines.map(({ what, state }) => `${what}: ${state}`)).toEqual([
      'LDAP connection: ok',
      'LDAP TLS: ok',
      'LDAP login: ok',
      'LDAP base: ok',
      'LDAP people: ok',
      'LDAP ids: ok',
    ]);
    expect(lines[1]?.detail).toMatch(/until \d{4}-\d\d-\d\d/);
    expect(lines[4]?.detail).toContain('500 in the first page, and more behind it');
  });

  test('over StartTLS tells of the certificate too.', async () => {
    const lines = await directoryOf({ url: slapd.url, startTls: true, caFile: ca.caFile }).check();
    expect(lines[1]).toMatchObject({ what: 'LDAP TLS', state: 'ok' });
  });

  test('names what failed, with its code and what to do.', async () => {
    const wrong = await directoryOf({ url: slapd.url, ...login, bindPassword: 'x' }).check();
    expect(wrong).toMatchObject([
      { what: 'LDAP login', state: 'failed', code: 'ROLLCALL_ERR_DIRECTORY_LOGIN' },
    ]);
    const empty = await directoryOf({ url: slapd.url }).check(queryOf({ filter: '(uid=nobody)' }));
    expect(empty.at(-1)).toMatchObject({ what: 'LDAP people', state: 'failed' });
    const plain = await directoryOf({ url: 'ldap://ldap.example' }).check();
    expect(plain).toMatchObject([{ state: 'failed', code: 'ROLLCALL_ERR_PLAINTEXT' }]);
  });
});

test('What slapd and Rollcall call the same name is the same name.', async () => {
  const people = await readAll(directoryOf({ url: slapd.url }), queryOf({ filter: '(uid=p9)' }));
  expect(normaliseDn(people[0]?.dn ?? '')).toBe('uid=p9,ou=people,dc=corp,dc=example');
});
