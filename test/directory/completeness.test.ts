import { Client, DN } from 'ldapts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readPeople } from '../../src/directory/ldap-read.js';
import { waitFor } from '../../src/lib/deadline.js';
import { type FakeAnswer, type FakeEntry, type FakeSearch, startFakeLdap } from '../support/fake-ldap.js';
import { directoryOf, failureOf, queryOf, readAll } from './directory-fixtures.js';

const person = (number: number, extra: FakeEntry['attributes'] = {}): FakeEntry => ({
  dn: `uid=p${number},dc=corp,dc=example`,
  attributes: {
    entryUUID: [`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`],
    uid: [`p${number}`],
    ...extra,
  },
});
const people = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => person(from + index));

/** Reads everybody from a server that answers so. */
async function readFrom(answer: (search: FakeSearch) => FakeAnswer, section: Record<string, unknown> = {}) {
  const server = await startFakeLdap(answer);
  onTestFinished(() => server.stop());
  const directory = directoryOf({ url: server.url, pageSize: 2, timeout: '5s', ...section });
  return { server, read: readAll(directory, queryOf(), ['uid', 'memberof']) };
}

async function expectIncomplete(
  check: string,
  entries: number,
  answer: (search: FakeSearch) => FakeAnswer,
  section: Record<string, unknown> = {},
) {
  const { read } = await readFrom(answer, section);
  const failure = await failureOf(read);
  expect([failure.code, failure.exitCode]).toEqual(['ROLLCALL_ERR_DIRECTORY_INCOMPLETE', 4]);
  expect(failure.facts).toEqual({ check, entries });
  expect(failure.message).toContain(`check: ${check}, after ${entries} entries`);
}

const secondPage =
  (last: FakeAnswer) =>
  ({ cookie }: FakeSearch): FakeAnswer =>
    cookie === '' ? { entries: people(1, 2), cookie: 'more' } : last;

describe('a read is complete', () => {
  test('when pages follow their cookies to an empty one', async () => {
    const { read } = await readFrom(secondPage({ entries: people(3, 3), cookie: '' }));
    expect((await read).map(({ dn }) => dn)).toEqual(people(1, 3).map(({ dn }) => dn));
  });

  test('beyond an empty page with a live cookie', async () => {
    const { read } = await readFrom(({ cookie }) => {
      if (cookie === '') return { entries: people(1, 2), cookie: 'a' };
      if (cookie === 'a') return { entries: [], cookie: 'b' };
      return { entries: people(3, 4), cookie: '' };
    });
    expect(await read).toHaveLength(4);
  });

  test('with the references that every Active Directory gives from its root', async () => {
    const { read } = await readFrom(() => ({
      entries: people(1, 1),
      references: [
        'ldaps://corp.example/CN=Configuration,DC=corp,DC=example',
        'ldap://DomainDnsZones.corp.example/DC=DomainDnsZones,DC=corp,DC=example',
        'ldap://ForestDnsZones.corp.example/DC%3DForestDnsZones,DC=corp,DC=example',
      ],
      cookie: '',
    }));
    expect(await read).toHaveLength(1);
  });

  test('with all values of an attribute that the server gives in parts', async () => {
    const groups = Array.from({ length: 5 }, (_, index) => `cn=g${index},dc=corp,dc=example`);
    const { read } = await readFrom(({ base, attributes }) => {
      if (base.startsWith('uid=')) {
        const from = Number(/^memberof;range=(\d+)-\*$/.exec(attributes[0] ?? '')?.[1]);
        const last = from + 1 < groups.length - 1 ? String(from + 1) : '*';
        return {
          entries: [
            { dn: base, attributes: { [`memberOf;range=${from}-${last}`]: groups.slice(from, from + 2) } },
          ],
        };
      }
      const parts = { memberOf: [], 'memberOf;range=0-1': groups.slice(0, 2) };
      return { entries: [person(1, parts)], cookie: '' };
    });
    expect((await read)[0]?.attributes.get('memberof')).toEqual(groups);
  });
});

describe('a read is incomplete', () => {
  test('when the server stops at its size limit', () =>
    expectIncomplete('size-limit', 2, secondPage({ entries: people(3, 3), result: 4, cookie: '' })));

  test('when the server stops at its time limit', () =>
    expectIncomplete('time-limit', 2, secondPage({ entries: people(3, 3), result: 3 })));

  test('when the server refers to another one', async () => {
    await expectIncomplete('referral', 2, secondPage({ result: 10 }));
    const references = ['ldap://child.corp.example/DC=child,DC=corp,DC=example'];
    await expectIncomplete('referral', 2, secondPage({ entries: people(3, 3), references, cookie: '' }));
    const hidden = ['ldap://x.example/CN=Configuration,OU=people,DC=corp,DC=example'];
    await expectIncomplete('referral', 2, secondPage({ references: hidden, cookie: '' }));
  });

  test('when someone comes twice', () =>
    expectIncomplete('duplicate', 3, secondPage({ entries: [person(3), person(1)], cookie: '' })));

  test('when someone has no id', () =>
    expectIncomplete('id', 2, secondPage({ entries: [person(3, { entryUUID: [] })], cookie: '' })));

  test('when the server does not say whether more follows', () =>
    expectIncomplete('cookie', 2, secondPage({ entries: people(3, 3) })));

  test('when the server goes on with nothing but the same cookie', () =>
    expectIncomplete('cookie', 2, secondPage({ cookie: 'more' })));

  test('when the server answers with nothing but new cookies for ever', () =>
    expectIncomplete('cookie', 0, ({ number }) => ({ cookie: String(number) })));

  test('when nobody is found', () => expectIncomplete('empty', 0, () => ({ cookie: '' })));

  test('when the base is not there', () => expectIncomplete('base', 0, () => ({ result: 32 })));

  test('when the server refuses the search', () => expectIncomplete('result', 0, () => ({ result: 50 })));

  test('when the server hangs in the middle of a page', () =>
    expectIncomplete('timeout', 2, secondPage({ entries: people(3, 3), result: 'none' }), {
      timeout: '200ms',
    }));

  test('when the connection is closed in the middle of a page', () =>
    expectIncomplete('connection', 2, secondPage({ entries: people(3, 3), result: 'close' })));

  test('when the connection is another one than that which was bound, whatever it answers', async () => {
    const answer = { entries: [], references: [], status: 0, serverText: '', cookie: Buffer.alloc(0) };
    const connection = {
      search: async () => answer,
      isBound: () => false,
      certificate: undefined,
      close: async () => {},
    };
    const read = readPeople({
      connection,
      query: queryOf(),
      attributes: [],
      pageSize: 2,
      now: 0,
      signal: undefined,
    });
    expect((await failureOf(read.next())).facts).toEqual({ check: 'bound', entries: 0 });
  });

  test('when the connection is lost between pages, and it is not taken up again without a login', async () => {
    const server = await startFakeLdap(({ number }) => ({
      entries: people(number * 2 - 1, number * 2),
      cookie: number < 9 ? 'more' : '',
    }));
    onTestFinished(() => server.stop());
    const pages = directoryOf({ url: server.url, pageSize: 2 }).read({ query: queryOf(), attributes: [] });
    await pages.next();
    server.hangUp();
    const rest = (async () => {
      for await (const _ of pages);
    })();
    const failure = await failureOf(rest);
    expect(failure.facts.check).toMatch(/^(connection|bound)$/);
    expect(server.connections).toBe(1);
  });
});

test('A read that is aborted ends with the reason of the signal and closes the connection.', async () => {
  const server = await startFakeLdap(() => ({ result: 'none' }));
  onTestFinished(() => server.stop());
  const abort = new AbortController();
  const read = readAll(directoryOf({ url: server.url }), queryOf(), [], abort.signal);
  abort.abort(new Error('enough'));
  await expect(read).rejects.toThrow('enough');
});

test('A caller that stops early leaves no connection behind.', async () => {
  const server = await startFakeLdap(({ number }) => ({ entries: people(number, number), cookie: 'more' }));
  onTestFinished(() => server.stop());
  for await (const _ of directoryOf({ url: server.url }).read({ query: queryOf(), attributes: [] })) break;
  expect(server.connections).toBe(1);
  await waitFor(() => server.open === 0, { ms: 2_000, what: 'the connection to close' });
});

test('ldapts itself still stops at an empty page with a live cookie, which is why a read does not use its paging.', async () => {
  const server = await startFakeLdap(secondPage({ entries: [], cookie: 'live' }));
  onTestFinished(() => server.stop());
  const client = new Client({ url: server.url });
  const pages: number[] = [];
  for await (const page of client.searchPaginated(new DN({ dc: 'example' }), { paged: { pageSize: 2 } }))
    pages.push(page.searchEntries.length);
  await client.unbind();
  // Once this fails, ldapts follows the cookie itself.
  expect(pages).toEqual([2, 0]);
});
