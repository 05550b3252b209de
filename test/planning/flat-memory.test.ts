import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAliasTable } from '../../src/planning/alias-table.js';
import { createSeenPeople } from '../../src/planning/seen.js';

test('the alias table names exactly the hashes that were added more than once', () => {
  const hash = fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map((value) => value.toString(16).padStart(16, '0'));
  fc.assert(
    fc.property(fc.array(hash), fc.array(hash), (single, doubled) => {
      const table = createAliasTable();
      const counts = new Map<string, number>();
      for (const value of [...single, ...doubled, ...doubled]) {
        table.add(value);
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const expected = [...counts].filter(([, count]) => count > 1).map(([value]) => value);
      expect([...table.shared()].sort()).toEqual(expected.sort());
    }),
  );
});

test('whoever was read is known to have been, and nobody else among 20,000', () => {
  const seen = createSeenPeople();
  const people = Array.from({ length: 20_000 }, () => randomUUID());
  for (const person of people) seen.add(person);
  for (const person of people) seen.add(person);
  expect(people.every((person) => seen.has(person))).toBe(true);
  expect(Array.from({ length: 20_000 }, () => randomUUID()).some((person) => seen.has(person))).toBe(false);
});

test('ids that differ in one letter are different people', () => {
  const seen = createSeenPeople();
  for (let index = 0; index < 5_000; index += 2) seen.add(`person-${index}`);
  for (let index = 1; index < 5_000; index += 2) expect(seen.has(`person-${index}`)).toBe(false);
});
