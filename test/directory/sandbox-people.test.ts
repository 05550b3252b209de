import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normaliseDn } from '../../src/model/dn.js';
import { type SandboxSlapd, startSandboxSlapd } from '../../src/sandbox/slapd.js';
import { directoryOf, firstOf, queryOf, readAll, temporaryDirectory } from './directory-fixtures.js';

const ldif = join(import.meta.dirname, '../../config/sandbox/people.ldif');
const attributes = [
  'cn',
  'mail',
  'memberof',
  'displayname',
  'departmentnumber',
  'employeetype',
  'preferredlanguage',
];
const dir = temporaryDirectory();
let slapd: SandboxSlapd;

beforeAll(async () => {
  slapd = await startSandboxSlapd({ dir: dir.path, ldif, base: 'dc=corp,dc=example' });
});
afterAll(async () => {
  await slapd.stop();
  dir.remove();
});

const byId = <T extends { id: string }>(people: T[]) => people.sort((a, b) => (a.id < b.id ? -1 : 1));

test("The demo's people load into slapd, and are the same people when read from their file.", async () => {
  const query = queryOf({ base: 'ou=people,dc=corp,dc=example' });
  const served = byId(await readAll(directoryOf({ url: slapd.url, pageSize: 7 }), query, attributes));
  const filed = byId(await readAll(directoryOf({ url: `file:${ldif}` }), query, attributes));
  const plain = (people: typeof served) =>
    people.map((person) => ({
      ...person,
      dn: normaliseDn(person.dn),
      attributes: Object.fromEntries(
        [...person.attributes].sort().map(([name, values]) => [name, [...values].sort()]),
      ),
    }));
  expect(served).toHaveLength(60);
  expect(plain(filed)).toEqual(plain(served));
});

test("The demo's people hold what the demo is to show.", async () => {
  const people = await readAll(directoryOf({ url: slapd.url }), queryOf(), attributes);
  const barred = people.filter((person) => person.barred !== undefined);
  expect(barred.map((person) => [firstOf(person, 'mail'), person.barred]).sort()).toEqual([
    ['psantos@corp.example', 'expired'],
    ['vlindqvist@corp.example', 'disabled'],
  ]);
  const count = (holds: (person: (typeof people)[number]) => boolean | undefined) =>
    people.filter(holds).length;
  expect(count((person) => !person.attributes.has('mail'))).toBe(3);
  expect(count((person) => (person.attributes.get('mail')?.length ?? 0) > 1)).toBe(4);
  expect(
    count((person) => person.attributes.get('memberof')?.some((group) => group.startsWith('cn=execs,'))),
  ).toBe(5);
  expect(count((person) => /leaver|guest/.test(firstOf(person, 'employeetype') ?? ''))).toBe(6);
  expect(people.map((person) => firstOf(person, 'cn'))).toEqual(
    expect.arrayContaining(['李娜', 'ليلى الحداد', 'Renée Lefèvre'.normalize('NFD')]),
  );
});
