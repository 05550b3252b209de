import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdSet } from '../../src/directory/id-set.js';
import { asUuid, guidToUuid, uuidOfDn, uuidToGuid } from '../../src/directory/uuid.js';
import { isWithin, normaliseDn } from '../../src/model/dn.js';

test('An objectGUID is written as Windows writes it, and read back to the same bytes.', () => {
  const bytes = Buffer.from('33221100554477668899aabbccddeeff', 'hex');
  expect(guidToUuid(bytes)).toBe('00112233-4455-6677-8899-aabbccddeeff');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
      const guid = Buffer.from(random);
      expect(uuidToGuid(guidToUuid(guid)).equals(guid)).toBe(true);
    }),
  );
});

test('A UUID is known with braces, in capitals and without hyphens, and nothing else is one.', () => {
  const uuid = '00112233-4455-6677-8899-aabbccddeeff';
  for (const text of [uuid, uuid.toUpperCase(), `{${uuid}}`, uuid.replaceAll('-', '')])
    expect(asUuid(text)).toBe(uuid);
  for (const text of ['', 'uuid', uuid.slice(1), `${uuid}0`]) expect(asUuid(text)).toBeUndefined();
});

test("The id of a DN is RFC 9562's UUID of version 5.", () => {
  // python3 -c 'import uuid; print(uuid.uuid5(uuid.NAMESPACE_X500, "cn=a,dc=b"))'
  expect(uuidOfDn('cn=a,dc=b')).toBe('b934fb96-6d1b-53b7-8d3c-1b4de6baa681');
});

test('A set of ids knows what a Set knows.', () => {
  const id = fc.oneof(
    fc.uuid(),
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      '00000000-0000-0000-0000-000000000000',
      'AAAAAAAA-0000-0000-0000-000000000000',
      'aaaaaaaa-0000-0000-0000-000000000000',
    ),
  );
  fc.assert(
    fc.property(fc.array(id, { maxLength: 3_000, size: 'max' }), (ids) => {
      const set = new IdSet();
      const oracle = new Set<string>();
      const known = ids.map((each) => {
        const isNew = !oracle.has(each);
        oracle.add(each);
        return isNew;
      });
      expect(ids.map((each) => set.add(each))).toEqual(known);
    }),
    { numRuns: 5 },
  );
});

test.each([
  ['CN=A, DC=B', 'cn=a,dc=b'],
  ['cn = A  B ,dc=c', 'cn=a b,dc=c'],
  ['cn=a\\, b,dc=c', 'cn=a\\2c b,dc=c'],
  ['cn=a\\2C b,dc=c', 'cn=a\\2c b,dc=c'],
  ['cn="a, b";dc=c', 'cn=a\\2c b,dc=c'],
  ['uid=x+cn=y,dc=c', 'cn=y+uid=x,dc=c'],
  ['cn=Wei\\C3\\9F,dc=c', 'cn=weiß,dc=c'],
  ['cn=A\u0308,dc=c', 'cn=ä,dc=c'],
  ['', ''],
])('The name %s is %s', (name, normalised) => {
  expect(normaliseDn(name)).toBe(normalised);
  expect(normaliseDn(normalised)).toBe(normalised);
});

test('What is no name is none, and an escaped comma divides nothing.', () => {
  for (const text of ['people', 'a,b', '=x', 'cn=a,', 'cn="a', 'cn=a\\'])
    expect(normaliseDn(text)).toBeUndefined();
  expect(isWithin('cn=a,dc=b', 'dc=b')).toBe(true);
  expect(isWithin('dc=b', 'dc=b')).toBe(true);
  expect(isWithin(normaliseDn('cn=a\\,dc=b') ?? '', 'dc=b')).toBe(false);
});
