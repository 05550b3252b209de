import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { complaints } from './sections.js';
import { jinja, prepared, uriFor } from './support.js';

interface DocumentExample {
  readonly example: string;
  readonly template: string;
  readonly provisioning: { readonly system: string; readonly link?: string };
  readonly person: Readonly<Record<string, string>>;
  /** What Python's Jinja2 3.1.6 makes of the template. */
  readonly uri: string;
}

const examples: DocumentExample[] = JSON.parse(
  await readFile(new URL('fixtures/pexip-document.json', import.meta.url), 'utf8'),
);

/** What Pexip's desktop client does with a link. */
function asClientReads(uri: string): Record<string, string> {
  const data = new URL(uri).searchParams.get('data');
  return Object.fromEntries(new URLSearchParams(atob(data ?? '')));
}

const pexip = { system: 'pexip', node: 'px01.vc.corp.example' };
const alice = { device_alias: 'alice@vc.corp.example', device_username: 'alice', device_password: 's3cret' };
const adfs = {
  adfsFederationServiceName: 'adfs.example.com',
  adfsResource: 'https://pexipappsso.local',
  adfsClientID: 'a2a07b42-66d7-41e4-9461-9d343c25b7f3',
};

describe("Pexip's own examples", () => {
  test.each(examples)('$example for $person.device_username: the template renders as in Python', (each) => {
    const { template, problems } = jinja.compile(each.template, { file: 'message.html', autoescape: false });
    expect(problems).toEqual([]);
    expect(/href="([^"]*)"/.exec(template?.render(each.person) ?? '')?.[1]).toBe(each.uri);
  });

  test.each(
    examples.filter(
      ({ provisioning, person }) =>
        provisioning.link === undefined && !/[%&+#]/.test(person['device_password'] ?? ''),
    ),
  )('$example for $person.device_username: the campaign gives the same link, byte for byte', (each) => {
    expect(uriFor(each.provisioning, each.person)).toBe(each.uri);
  });

  test('a pexip-provision:// link has the slash of the documented format and carries its Base64 percent-encoded', () => {
    const each = examples.find(({ example }) => example === 'pexip-provision');
    expect(uriFor(each?.provisioning ?? {}, each?.person ?? {})).toBe(
      each?.uri.replace('settings?', 'settings/?').replaceAll('=', '%3D').replace('data%3D', 'data='),
    );
  });

  test('a message on the redirect page stands in adfsRedirectURI as the document writes it', () => {
    const uri = uriFor(
      { ...pexip, node: 'confnode.example.com', ...adfs, adfsRedirectMessage: 'my custom message' },
      alice,
    );
    expect(asClientReads(uri)['adfsRedirectURI']).toBe(
      'https://confnode.example.com/api/client/v2/oauth2_redirect?message=bXkgY3VzdG9tIG1lc3NhZ2U=',
    );
  });
});

describe('a Pexip link', () => {
  test('carries the defaults: registration at the node, the alias, the credentials, the user name as the name', () => {
    expect(asClientReads(uriFor(pexip, alice))).toEqual({
      name: 'alice',
      registrationHost: 'px01.vc.corp.example',
      registrationAlias: 'alice@vc.corp.example',
      registrationUsername: 'alice',
      registrationPassword: 's3cret',
    });
  });

  test('leaves user name and password out, rather than empty, for people who have none', () => {
    const person = { device_alias: 'bo@vc.corp.example', displayName: 'Bo Lund' };
    const everything = {
      ...pexip,
      registrationUsername: '{{ device_username }}',
      registrationPassword: '{{ device_password }}',
    };
    for (const section of [pexip, everything])
      expect(asClientReads(uriFor(section, person))).toEqual({
        name: 'Bo Lund',
        registrationHost: 'px01.vc.corp.example',
        registrationAlias: 'bo@vc.corp.example',
      });
  });

  test('carries any subset: an empty text leaves a pair out', () => {
    const branding = {
      ...pexip,
      name: '',
      registrationHost: '',
      registrationAlias: '',
      registrationUsername: '',
      registrationPassword: '',
      brandingURL: 'https://px01.vc.corp.example/webapp2/custom_configuration/',
    };
    expect(asClientReads(uriFor(branding, alice))).toEqual({ brandingURL: branding.brandingURL });
    expect(() => uriFor({ ...branding, brandingURL: '' }, alice)).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
    );
  });

  test('with AD FS carries all four of its values, and neither user name nor password', () => {
    expect(asClientReads(uriFor({ ...pexip, ...adfs }, alice))).toEqual({
      name: 'alice',
      registrationHost: 'px01.vc.corp.example',
      registrationAlias: 'alice@vc.corp.example',
      ...adfs,
      adfsRedirectURI: 'https://px01.vc.corp.example/api/client/v2/oauth2_redirect',
    });
  });

  test.each([
    ['a>>>b', 'bmFtZT1hPj4%2BYg%3D%3D'],
    ['Søren Åß 漢', 'bmFtZT1TJUMzJUI4cmVuJTIwJUMzJTg1JUMzJTlGJTIwJUU2JUJDJUEy'],
  ])('has the Base64 of the percent-encoded value, percent-encoded: %s', (cn, data) => {
    const only = { ...pexip, name: '{{ cn }}', registrationHost: '', registrationAlias: '' };
    expect(uriFor(only, { cn })).toBe(`https://px01.vc.corp.example/api/client/v2/provision?data=${data}`);
  });

  test('shows a message in UTF-8, standard Base64 with padding', () => {
    const uri = new URL(uriFor({ ...pexip, message: 'Grüße, {{ device_username }}>>>' }, alice));
    const message = uri.searchParams.get('message') ?? '';
    expect(message).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(Buffer.from(message, 'base64').toString('utf8')).toBe('Grüße, alice>>>');
  });

  test('keeps its message out of what makes a revision', () => {
    const system = prepared({ ...pexip, message: 'Provision your app' });
    expect(system.linkData(alice)['message']).toBe('Provision your app');
    expect([...system.wording]).toContain('message');
  });

  test('is made from its data alone', () => {
    const system = prepared({ ...pexip, message: 'Hello {{ device_username }}' });
    const data = system.linkData(alice);
    expect(system.link(JSON.parse(JSON.stringify(data))).uri.reveal()).toBe(system.link(data).uri.reveal());
  });

  test('has a masked password of the same length when asked, also where the campaign names the password itself', () => {
    const system = prepared({ ...pexip, registrationPassword: 'Corp-{{ device_username }}-77' });
    const masked = system.linkData(alice, { mask: true })['registrationPassword'];
    expect(masked).toHaveLength('Corp-alice-77'.length);
    expect(masked).not.toBe('Corp-alice-77');
    expect(prepared(pexip).linkData(alice, { mask: true })['registrationPassword']).toBe('s3cret');
  });

  test('offers the host and a node with a port keeps the port out of the registration host', () => {
    const system = prepared({ ...pexip, node: 'px01.test:8443' });
    const link = system.link(system.linkData(alice));
    expect(link.uri.reveal()).toMatch(/^https:\/\/px01\.test:8443\/api\/client\/v2\/provision\?data=/);
    expect(link.fields).toEqual({ host: 'px01.test:8443', registrationHost: 'px01.test', name: 'alice' });
  });

  test('decodes, as the client does it, to what went in, for 10,000 people', () => {
    const web = prepared({ ...pexip, name: '{{ cn }}' });
    const app = prepared({ ...pexip, link: 'app', name: '{{ cn }}' });
    const awkward = fc.constantFrom(
      ...'&+%=#?/:@ "<>\'\\{}[]|`~;,$!*()',
      'ü',
      '漢',
      'ع',
      'é',
      '🦊',
      '{{ uid }}',
      '%41',
      '\u00a0',
    );
    const value = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        fc
          .array(fc.oneof(awkward, fc.string({ minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 8 })
          .map((parts) => parts.join('')),
      )
      // A person with a control character is refused, as another test shows.
      .filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(value, value, value, value, (alias, username, password, cn) => {
        const person = { device_alias: alias, device_username: username, device_password: password, cn };
        for (const system of [web, app])
          expect(asClientReads(system.link(system.linkData(person)).uri.reveal())).toEqual({
            name: cn,
            registrationHost: 'px01.vc.corp.example',
            registrationAlias: alias,
            registrationUsername: username,
            registrationPassword: password,
          });
      }),
      { numRuns: 10_000 },
    );
  });

  test('takes a line break in a display name as it is, and refuses it anywhere else', () => {
    const section = { ...pexip, name: '{{ cn }}' };
    expect(asClientReads(uriFor(section, { ...alice, cn: 'Two\nlines' }))['name']).toBe('Two\nlines');
    for (const field of ['device_alias', 'device_username', 'device_password'])
      expect(() => uriFor(section, { ...alice, cn: 'A', [field]: 'a\nb' })).toThrow(
        expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
      );
    expect(() => uriFor(section, { ...alice, cn: '\ud800' })).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
    );
  });

  test('lacks an attribute: the error is of that person', () => {
    expect(() => uriFor({ ...pexip, name: '{{ cn }}' }, alice)).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_UNDEFINED_VARIABLE' }),
    );
  });
});

describe("Pexip's field limits", () => {
  const record = { alias: 'a', username: undefined, password: undefined, to: 'a@corp.example' };

  test.each([
    ['alias', 250, (text: string) => ({ ...record, alias: text })],
    ['user name', 100, (text: string) => ({ ...record, username: text })],
    ['password', 100, (text: string) => ({ ...record, password: new Secret(text) })],
    ["owner's e-mail address", 100, (text: string) => ({ ...record, to: text })],
  ])('the %s may have %d characters and no more', (field, limit, make) => {
    const system = prepared(pexip);
    expect(() => system.checkLimits(make('🦊'.repeat(limit)))).not.toThrow();
    expect(() => system.checkLimits(make('x'.repeat(limit + 1)))).toThrow(
      expect.objectContaining({
        code: 'ROLLCALL_ERR_FIELD_LIMIT',
        facts: { field, length: limit + 1, limit },
      }),
    );
  });
});

describe("Pexip's section", () => {
  test('names what is missing of the AD FS values, and what must not be there with them', () => {
    expect(
      complaints({ ...pexip, adfsResource: 'https://pexipappsso.local', registrationPassword: 'x' }),
    ).toEqual([
      expect.stringContaining('"adfsFederationServiceName" is missing'),
      expect.stringContaining('"adfsClientID" is missing'),
      expect.stringContaining('registrationPassword: with AD FS'),
    ]);
  });

  test.each(['https://px01.example', 'px01.example/', 'px 01', 'pxö1.example', 'px01:99999', 'a@b', ''])(
    'refuses %o as a node',
    (node) => {
      expect(complaints({ system: 'pexip', node })).toEqual([
        expect.stringMatching(/^node: .* is no server/),
      ]);
    },
  );

  test('tells what is wrong between keys along with what is wrong with one of them', () => {
    expect(complaints({ system: 'pexip', nod: 'x', adfsResource: 'y', link: 7 })).toHaveLength(5);
  });

  test('refuses a message that a pexip-provision:// link could not show', () => {
    expect(complaints({ ...pexip, link: 'app', message: 'x' })).toEqual([
      expect.stringContaining('message: a pexip-provision:// link shows no message'),
    ]);
  });

  test('refuses templates that give another value in each run', () => {
    expect(() => prepared({ ...pexip, registrationPassword: '{{ pex_random_pin(6) }}' })).toThrow(
      /pex_random_pin.*another value in each run/,
    );
  });
});
