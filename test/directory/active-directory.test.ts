import { join } from 'node:path';
import { Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../src/lib/processes.js';
import { type SandboxSamba, startSandboxSamba } from '../../src/sandbox/samba.js';
import { createTestCa, type TestCa } from '../support/tls.js';
import {
  directoryOf,
  failureOf,
  firstOf,
  queryOf,
  readAll,
  temporaryDirectory,
} from './directory-fixtures.js';

const ADDRESS = '127.77.0.1';
/** Samba is Linux's, and its ports are below 1024. */
const canRun = process.getuid?.() === 0 && (await findProgram('samba')) !== undefined;

describe.runIf(canRun)('Active Directory (Samba)', () => {
  const dir = temporaryDirectory();
  const people = 'OU=people,DC=ad,DC=example';
  let samba: SandboxSamba;
  let ca: TestCa;
  const guids = new Map<string, string>();

  const directory = (section: Record<string, unknown> = {}) =>
    directoryOf({
      url: samba.url,
      bindDn: samba.bindDn,
      bindPassword: samba.bindPassword,
      caFile: ca.caFile,
      pageSize: 3,
      ...section,
    });
  const query = (section: Record<string, unknown> = {}) =>
    queryOf({
      base: 'DC=ad,DC=example',
      filter: '(&(objectCategory=person)(objectClass=user)(mail=*))',
      ...section,
    });

  beforeAll(async () => {
    ca = createTestCa(join(dir.path, 'tls'));
    const { certFile, keyFile } = ca.issue({ names: [ADDRESS] });
    samba = await startSandboxSamba({
      dir: join(dir.path, 'samba'),
      tls: { certFile, keyFile, caFile: ca.caFile },
      address: ADDRESS,
    });
    const admin = new Client({ url: samba.url, tlsOptions: { ca: ca.ca } });
    await admin.bind(samba.bindDn, samba.bindPassword);
    await admin.add(people, { objectClass: 'organizationalUnit', ou: 'people' });
    const add = async (name: string, extra: Record<string, string | string[]> = {}) => {
      const dn = `CN=${name},${people}`;
      await admin.add(dn, {
        objectClass: 'user',
        sAMAccountName: name.toLowerCase().replaceAll(' ', '.'),
        displayName: name,
        mail: `${name.toLowerCase().replaceAll(' ', '.')}@ad.example`,
        userAccountControl: '544', // a normal account that needs no password
        ...extra,
      });
      const { searchEntries } = await admin.search(dn, {
        scope: 'base',
        attributes: ['objectGUID'],
        explicitBufferAttributes: ['objectGUID'],
      });
      const bytes = searchEntries[0]?.['objectGUID'];
      if (!Buffer.isBuffer(bytes)) throw new Error('no objectGUID');
      // As Windows writes it: the first three fields little-endian.
      guids.set(
        name,
        [
          bytes.readUInt32LE(0).toString(16).padStart(8, '0'),
          bytes.readUInt16LE(4).toString(16).padStart(4, '0'),
          bytes.readUInt16LE(6).toString(16).padStart(4, '0'),
          bytes.subarray(8, 10).toString('hex'),
          bytes.subarray(10).toString('hex'),
        ].join('-'),
      );
    };
    for (const name of ['Ada Lovelace', 'Bo Diddley', 'Cem Öz', 'Dee Dee', 'Eve Online', 'Fay Wray'])
      await add(name);
    await add('Gus Disabled', { userAccountControl: '546' });
    await add('Hal Expired', { accountExpires: '130000000000000000' });
    await add('Ida Forever', { accountExpires: '9223372036854775807' });
    await admin.add(`CN=execs,${people}`, { objectClass: 'group', member: [`CN=Ada Lovelace,${people}`] });
    await admin.unbind();
  }, 180_000);
  afterAll(async () => {
    await samba?.stop();
    dir.remove();
  });

  test('is read whole from its root, past the references to its own partitions.', async () => {
    const found = await readAll(directory(), query(), ['displayname', 'memberof', 'objectguid']);
    expect(found.map((person) => firstOf(person, 'displayname')).sort()).toEqual([...guids.keys()].sort());
    for (const person of found) {
      expect(person.id).toBe(guids.get(firstOf(person, 'displayname') ?? ''));
      expect(Buffer.from(firstOf(person, 'objectguid') ?? '', 'base64')).toHaveLength(16);
    }
    const ada = found.find((person) => firstOf(person, 'displayname') === 'Ada Lovelace');
    expect(ada?.attributes.get('memberof')).toEqual([`CN=execs,${people}`]);
  });

  test('tells who is disabled and who has expired.', async () => {
    const found = await readAll(directory(), query(), ['displayname']);
    const barred = found.filter((person) => person.barred !== undefined);
    expect(barred.map((person) => [firstOf(person, 'displayname'), person.barred]).sort()).toEqual([
      ['Gus Disabled', 'disabled'],
      ['Hal Expired', 'expired'],
    ]);
  });

  test('finds one person by objectGUID, sAMAccountName, mail and DN, within the filter alone.', async () => {
    const id = guids.get('Cem Öz') ?? '';
    const request = { query: query(), attributes: ['samaccountname'] };
    for (const who of [id, `{${id.toUpperCase()}}`, 'cem.öz', 'CEM.ÖZ@ad.example', `cn=cem öz, ${people}`]) {
      const found = await directory().find(request, who);
      expect([who, found.map((person) => person.id)]).toEqual([who, [id]]);
    }
    expect(await directory().find(request, 'Administrator')).toEqual([]);
  });

  test('takes filters with bits and escaped bytes as Active Directory means them.', async () => {
    const disabled = await readAll(
      directory(),
      query({ filter: '(&(mail=*)(userAccountControl:1.2.840.113556.1.4.803:=2))' }),
      ['displayname'],
    );
    expect(disabled.map((person) => firstOf(person, 'displayname'))).toEqual(['Gus Disabled']);
    const umlaut = await readAll(directory(), query({ filter: '(displayName=Cem \\c3\\96z)' }), [
      'displayname',
    ]);
    expect(umlaut).toHaveLength(1);
  });

  test('says what is wrong with the password.', async () => {
    const failure = await failureOf(readAll(directory({ bindPassword: 'wrong' }), query()));
    expect([failure.code, failure.exitCode]).toEqual(['ROLLCALL_ERR_DIRECTORY_LOGIN', 4]);
    expect(`${failure.message} ${failure.hint}`).not.toContain('wrong.');
  });

  test('is not trusted without its authority.', async () => {
    const stranger = createTestCa(join(dir.path, 'stranger'));
    const failure = await failureOf(readAll(directory({ caFile: stranger.caFile }), query()));
    expect(failure.code).toBe('ROLLCALL_ERR_DIRECTORY_TLS');
  });
});
