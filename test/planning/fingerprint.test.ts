import { expect, test } from 'vitest';
import { fixedKeyring } from '../../src/lib/keyring.js';
import type { Attributes, Person } from '../../src/model/person.js';
import { createFingerprint } from '../../src/planning/fingerprint.js';

const keyring = fixedKeyring();
const fingerprintOf = createFingerprint(keyring, 'campaign', ['uid', 'mail', 'memberof']);

const ada = { uid: ['ada'], mail: ['ada@corp.example'], memberof: ['cn=a', 'cn=b'] };

function person(attributes: Readonly<Record<string, readonly string[]>>): Person {
  const map: Attributes = new Map(Object.entries(attributes));
  return { id: 'p', dn: 'uid=ada', attributes: map, barred: undefined };
}

test('A fingerprint is the same for the same attributes, in whatever order the server gives names and values.', () => {
  const { memberof, mail, uid } = ada;
  const other = { memberof: [...memberof].reverse(), mail, uid };
  expect(fingerprintOf(person(other))).toBe(fingerprintOf(person(ada)));
  expect(createFingerprint(keyring, 'campaign', ['memberof', 'uid', 'mail'])(person(ada))).toBe(
    fingerprintOf(person(ada)),
  );
});

test('Nothing that the campaign does not use counts.', () => {
  expect(fingerprintOf(person({ ...ada, telephonenumber: ['1'] }))).toBe(fingerprintOf(person(ada)));
});

test.each([
  ['a value that changed', { ...ada, mail: ['ada@corp.example.org'] }],
  ['a value more', { ...ada, memberof: ['cn=a', 'cn=b', 'cn=c'] }],
  ['an attribute that went', { uid: ada.uid, mail: ada.mail }],
  ['a value that moved to another attribute', { ...ada, uid: ada.mail, mail: ada.uid }],
  ['one value that holds what stands between two', { ...ada, memberof: ['cn=a\u00014:cn=b'] }],
  ['a value beyond Latin-1', { ...ada, uid: ['ada\u0141'] }],
])('%s changes it.', (_what, attributes) => {
  expect(fingerprintOf(person(attributes))).not.toBe(fingerprintOf(person(ada)));
});

test('Another campaign, or another key, gives another, and it tells nothing of what it was made of.', () => {
  const theirs = createFingerprint(keyring, 'another campaign', ['uid', 'mail', 'memberof']);
  expect(theirs(person(ada))).not.toBe(fingerprintOf(person(ada)));
  const hash = (purpose: string, text: string) => keyring.hash(`another key, ${purpose}`, text);
  const elsewhere = createFingerprint({ ...keyring, hash }, 'campaign', ['uid', 'mail', 'memberof']);
  expect(elsewhere(person(ada))).not.toBe(fingerprintOf(person(ada)));
  expect(fingerprintOf(person(ada))).toMatch(/^[A-Za-z0-9+/]{22}$/);
});
