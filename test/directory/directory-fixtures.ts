import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDirectory, type Directory } from '../../src/directory/directory.js';
import { directorySchema, type PeopleQuery, peopleSchema } from '../../src/directory/schema.js';
import { systemClock } from '../../src/lib/clock.js';
import { RollcallError } from '../../src/lib/errors.js';
import { silentLogger } from '../../src/lib/log.js';
import type { Person } from '../../src/model/person.js';

/** A directory that is gone when the test file is done: call it in `beforeAll`, and what it returns in `afterAll`. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-directory-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A file with that text, gone after the test. */
export function temporaryFile(text: string | Buffer, name = 'people.ldif'): string {
  const { path, remove } = temporaryDirectory();
  onTestFinished(remove);
  const file = join(path, name);
  writeFileSync(file, text);
  return file;
}

/** A directory as its section of the settings describes it. */
export function directoryOf(section: Record<string, unknown>, allowPlaintext = false): Directory {
  const settings = directorySchema({ dir: '/' }).parse(section);
  return createDirectory({ settings, allowPlaintext, clock: systemClock, log: silentLogger });
}

/** The people: section of a campaign; everyone below dc=corp,dc=example where nothing else is said. */
export function queryOf(section: Record<string, unknown> = {}): PeopleQuery {
  return peopleSchema({ dir: '/' }).parse({
    base: 'dc=corp,dc=example',
    filter: '(objectClass=inetOrgPerson)',
    ...section,
  });
}

/** Everyone of a read, once it is proven complete. */
export async function readAll(
  directory: Directory,
  query: PeopleQuery,
  attributes: readonly string[] = [],
  signal?: AbortSignal,
): Promise<Person[]> {
  const people: Person[] = [];
  for await (const page of directory.read({ query, attributes }, signal)) people.push(...page);
  return people;
}

/** What a promise that must fail fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<RollcallError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof RollcallError) return outcome;
  throw new Error(`expected a RollcallError, got ${outcome instanceof Error ? outcome.stack : outcome}`);
}

/** One value of one person, for short assertions. */
export function firstOf(person: Person | undefined, attribute: string): string | undefined {
  return person?.attributes.get(attribute)?.[0];
}
