import { stat } from 'node:fs/promises';
import type { Clock } from '../lib/clock.js';
import { messageOf, type Problem, RollcallError } from '../lib/errors.js';
import { fileReason } from '../lib/file-reason.js';
import type { CheckLine } from '../model/check.js';
import { isWithin, normaliseDn } from '../model/dn.js';
import type { Person } from '../model/person.js';
import { barredBy } from './account.js';
import type { Directory, PeopleRequest } from './contract.js';
import { copySynonyms, synonymsAmong } from './entry.js';
import { incomplete } from './failures.js';
import { type Filter, parseFilter } from './filter.js';
import { IdSet } from './id-set.js';
import { idAttributes, idOf } from './identity.js';
import { type LdifEntry, ldifEntries } from './ldif-entries.js';
import { compileFilter, UnsupportedFilter } from './ldif-filter.js';
import type { PeopleQuery } from './schema.js';
import { asUuid, uuidOfDn } from './uuid.js';

/** A file that is not LDIF at all would give a problem a line. */
const MAX_PROBLEMS = 50;

export interface LdifDirectoryContext {
  /** Absolute. */
  readonly path: string;
  readonly pageSize: number;
  readonly clock: Clock;
}

/** People from an LDIF file, read as a server with these entries would answer. */
export function createLdifDirectory({ path, pageSize, clock }: LdifDirectoryContext): Directory {
  async function* read(request: PeopleRequest, signal?: AbortSignal): AsyncGenerator<readonly Person[]> {
    const matches = matcher(request.query);
    const toPerson = personMaker(request, clock.now());
    const seen = new IdSet();
    const problems: Problem[] = [];
    let people: Person[] = [];
    let read = 0;
    await readable(path);
    for await (const entries of ldifEntries(path, (problem) => problems.push(problem))) {
      signal?.throwIfAborted();
      if (problems.length > MAX_PROBLEMS) break;
      // Once something is wrong nobody else is handed out, but the rest of the file is looked through.
      if (problems.length > 0) continue;
      for (const entry of entries) {
        if (!matches(entry)) continue;
        const person = toPerson(entry, read);
        if (!seen.add(person.id))
          throw incomplete(
            'duplicate',
            read,
            `${entry.dn} (${path}:${entry.line}) has the id of someone above it: ${person.id}.`,
            {
              hint: 'Take one of the two out, or correct its entryUUID.',
            },
          );
        read++;
        people.push(person);
        if (people.length < pageSize) continue;
        yield people;
        people = [];
      }
    }
    if (problems.length > 0) throw ldifError(path, problems);
    if (people.length > 0) yield people;
    if (read === 0)
      throw incomplete('empty', 0, `nobody at all was found in ${path}.`, {
        hint: 'Check people.base and people.filter.',
      });
  }

  return {
    read,
    async find(request, who) {
      const matches = matcher(request.query);
      const toPerson = personMaker(request, clock.now());
      const isCalled = namedAs(who);
      const found: Person[] = [];
      const problems: Problem[] = [];
      await readable(path);
      for await (const entries of ldifEntries(path, (problem) => problems.push(problem))) {
        for (const entry of entries) {
          if (!matches(entry)) continue;
          const person = toPerson(entry, found.length);
          if (isCalled(entry, person.id)) found.push(person);
        }
      }
      if (problems.length > 0) throw ldifError(path, problems);
      return found;
    },
    check: (query) => check(path, query, read),
  };
}

function matcher({ base, filter }: PeopleQuery): (entry: LdifEntry) => boolean {
  const normalisedBase = normaliseDn(base) ?? base;
  let matches: (entry: LdifEntry) => boolean;
  try {
    matches = compileFilter(parseFilter(filter));
  } catch (error) {
    if (!(error instanceof UnsupportedFilter)) throw error;
    throw new RollcallError(
      'ROLLCALL_ERR_LDIF',
      `people.filter cannot be used on an LDIF file: ${error.message}.`,
      {
        hint: 'Use another filter for the file, or read from a server.',
      },
    );
  }
  return (entry) => isWithin(entry.normalisedDn, normalisedBase) && matches(entry);
}

function personMaker({ query, attributes }: PeopleRequest, now: number) {
  const wanted = new Set(attributes);
  const synonyms = synonymsAmong(wanted);
  const ids = idAttributes(query);
  return (entry: LdifEntry, read: number): Person => {
    const id =
      idOf(entry.attributes, ids) ?? (query.id === undefined ? uuidOfDn(entry.normalisedDn) : undefined);
    if (id === undefined)
      throw incomplete('id', read, `${entry.dn} has no ${query.id}, or several.`, {
        hint: 'Name an attribute that everyone has once as people.id.',
      });
    const kept = new Map<string, string[]>();
    for (const [name, values] of entry.attributes)
      if (wanted.has(name) || wanted.has(name.replace(/;.*$/, ''))) kept.set(name, values);
    for (const { others } of synonyms)
      for (const other of others) {
        const values = entry.attributes.get(other);
        if (values !== undefined) kept.set(other, values);
      }
    copySynonyms(kept, synonyms);
    return { id, dn: entry.dn, attributes: kept, barred: barredBy(entry.attributes, now) };
  };
}

function namedAs(who: string): (entry: LdifEntry, id: string) => boolean {
  const dn = who.includes('=') ? normaliseDn(who) : undefined;
  const uuid = asUuid(who);
  const named = ['uid', 'samaccountname', 'mail'].map((attribute) =>
    compileFilter({ kind: 'equal', attribute, value: Buffer.from(who, 'utf8') } satisfies Filter),
  );
  return (entry, id) =>
    id === who || id === uuid || entry.normalisedDn === dn || named.some((matches) => matches(entry));
}

async function readable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    throw new RollcallError(
      'ROLLCALL_ERR_DIRECTORY_UNREACHABLE',
      `The LDIF file ${path} cannot be read: ${fileReason(error)}.`,
      {
        hint: 'Check the path in directory.url; it is relative to the settings file.',
        cause: error,
      },
    );
  }
  throw new RollcallError('ROLLCALL_ERR_DIRECTORY_UNREACHABLE', `${path} is not a file.`, {
    hint: 'Check the path in directory.url; it is relative to the settings file.',
  });
}

function ldifError(path: string, problems: readonly Problem[]): RollcallError {
  const [first] = problems;
  return new RollcallError(
    'ROLLCALL_ERR_LDIF',
    `${path} has ${problems.length > MAX_PROBLEMS ? `more than ${MAX_PROBLEMS}` : problems.length} problem(s), the first in line ${first?.line}: ${first?.message}`,
    { problems: problems.slice(0, MAX_PROBLEMS) },
  );
}

async function check(
  path: string,
  query: PeopleQuery | undefined,
  read: Directory['read'],
): Promise<CheckLine[]> {
  const what = 'LDIF file';
  try {
    await readable(path);
    if (query === undefined) return [{ what, state: 'ok', detail: `${path} is there.` }];
    let people = 0;
    for await (const page of read({ query, attributes: [] })) people += page.length;
    return [{ what, state: 'ok', detail: `${path} holds ${people} people of the campaign.` }];
  } catch (error) {
    const known = error instanceof RollcallError ? error : undefined;
    return [
      {
        what,
        state: 'failed',
        detail: messageOf(error),
        code: known?.code ?? 'ROLLCALL_ERR_DIRECTORY_UNREACHABLE',
        ...(known && { hint: known.hint }),
      },
    ];
  }
}
