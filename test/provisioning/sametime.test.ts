import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stproxyconfig } from '../../src/provisioning/export-sametime.js';
import { complaints } from './sections.js';
import { prepared, uriFor } from './support.js';

const sametime = { system: 'sametime', host: 'stproxyserver.example.com' };

describe("Sametime's own examples", () => {
  test.each([
    [
      'no user, a community name',
      { ...sametime, communityName: 'Sametime Server' },
      {},
      'hclsametime://stproxyserver.example.com/?action=AddCommunity&communityName=Sametime%20Server',
    ],
    [
      'a user and a port',
      { ...sametime, port: 9080 },
      { device_username: 'dmisawa' },
      'hclsametime://dmisawa@stproxyserver.example.com:9080/?action=AddCommunity',
    ],
    [
      'a user with an @',
      { ...sametime, port: 9080 },
      { device_username: 'dmisawa@auto_sales' },
      'hclsametime://dmisawa%40auto_sales@stproxyserver.example.com:9080/?action=AddCommunity',
    ],
    [
      'an authenticating proxy with the same credentials',
      { system: 'sametime', host: 'safelinx.example.com', authProxyReuseCredentials: true },
      { device_username: 'Your_Sametime_ID' },
      'hclsametime://Your_Sametime_ID@safelinx.example.com/?action=AddCommunity&authProxyReuseCredentials=true',
    ],
    [
      'an authenticating proxy, nobody named',
      { system: 'sametime', host: 'safelinx.example.com', port: 8881, user: '', authProxyEnabled: true },
      { device_username: 'dmisawa' },
      'hclsametime://safelinx.example.com:8881/?action=AddCommunity&authProxyEnabled=true',
    ],
  ])('%s', (_name, section, person, uri) => {
    expect(uriFor(section, person)).toBe(uri);
  });

  test('the snippet for stproxyconfig.xml has %26 for & and nobody in it', async () => {
    const system = prepared({ ...sametime, user: '{{ uid }}', communityName: 'Sametime Server' });
    const parts: string[] = [];
    for await (const part of stproxyconfig.write({
      campaign: 'sametime',
      system,
      constants: {},
      assignments: () => [],
    }))
      parts.push(part);
    expect(parts.join('')).toBe(
      '<mobile>\n  <configUrl>hclsametime://stproxyserver.example.com/?action=AddCommunity%26communityName=Sametime%20Server</configUrl>\n</mobile>\n',
    );
  });

  test('the snippet cannot hold an ampersand in the community name', async () => {
    const system = prepared({ ...sametime, communityName: 'R&D' });
    const all = stproxyconfig.write({ campaign: 'sametime', system, constants: {}, assignments: () => [] });
    await expect(all.next()).rejects.toMatchObject({ code: 'ROLLCALL_ERR_EXPORT' });
  });
});

describe('a Sametime link', () => {
  test('carries all seven parameters in the order of the table', () => {
    const uri = uriFor(
      {
        ...sametime,
        communityName: 'Chat',
        savePassword: true,
        authProxyEnabled: true,
        authProxyReuseCredentials: true,
        authProxyUser: '{{ mail }}',
        allowUntrustedSSL: false,
      },
      { device_username: 'dm', mail: 'dm@corp.example' },
    );
    expect(uri.split('?')[1]).toBe(
      'action=AddCommunity&communityName=Chat&savePassword=true&authProxyEnabled=true&authProxyReuseCredentials=true&authProxyUser=dm%40corp.example&allowUntrustedSSL=false',
    );
  });

  test('decodes to what went in, for 10,000 people', () => {
    const system = prepared({
      ...sametime,
      port: 9443,
      password: '{{ device_password }}',
      allowPasswordInUrl: true,
      communityName: '{{ o }}',
      authProxyUser: '{{ mail }}',
    });
    const value = fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        fc.stringMatching(/^[&+%=#?/@ "<>'ü漢{}|\\a-c]{1,12}$/u),
      )
      // A person with a control character is refused, as another test shows.
      .filter((text) => !/\p{Cc}/u.test(text));
    const user = value.filter((text) => !text.includes(':'));
    fc.assert(
      fc.property(user, value, value, value, (username, password, o, mail) => {
        const person = { device_username: username, device_password: password, o, mail };
        const url = new URL(system.link(system.linkData(person)).uri.reveal());
        expect(decodeURIComponent(url.username)).toBe(username);
        expect(decodeURIComponent(url.password)).toBe(password);
        expect(url.host).toBe('stproxyserver.example.com:9443');
        expect(Object.fromEntries(url.searchParams)).toEqual({
          action: 'AddCommunity',
          communityName: o,
          authProxyUser: mail,
        });
      }),
      { numRuns: 10_000 },
    );
  });

  test('is refused for a user with a colon, with a line break, or for a password without a user', () => {
    const withPassword = { ...sametime, password: '{{ pin }}', allowPasswordInUrl: true };
    for (const [section, person] of [
      [sametime, { device_username: 'a:b' }],
      [sametime, { device_username: 'a\nb' }],
      [withPassword, { pin: '1234' }],
    ] as const)
      expect(() => uriFor(section, person)).toThrow(
        expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
      );
  });

  test('masks a password that does not come from the pattern', () => {
    const system = prepared({ ...sametime, password: 'pin{{ uid }}', allowPasswordInUrl: true });
    const person = { device_username: 'dm', uid: '42' };
    expect(system.linkData(person)['password']).toBe('pin42');
    expect(system.linkData(person, { mask: true })['password']).toMatch(/^(?!pin42)[a-z]{3}\d{2}$/);
  });

  test('offers what the mail shows', () => {
    const system = prepared({ ...sametime, communityName: 'Chat' });
    expect(system.link(system.linkData({ device_username: 'dm' })).fields).toEqual({
      host: 'stproxyserver.example.com',
      port: '443',
      hostPort: 'stproxyserver.example.com:443',
      community: 'Chat',
      user: 'dm',
    });
  });
});

describe("Sametime's section", () => {
  test('refuses a password in the link unless it is allowed there', () => {
    expect(complaints({ ...sametime, password: 'x' })).toEqual([
      expect.stringContaining('allowPasswordInUrl: true'),
    ]);
  });

  test('knows only true for authProxyReuseCredentials', () => {
    expect(complaints({ ...sametime, authProxyReuseCredentials: false })).toEqual([
      expect.stringContaining('authProxyReuseCredentials: Sametime knows only "true"'),
    ]);
  });

  test('finds a proxy that is both off and used', () => {
    expect(complaints({ ...sametime, authProxyEnabled: false, authProxyUser: 'x' })).toEqual([
      expect.stringContaining('one contradicts the other'),
    ]);
  });

  test('takes a host without a port in it', () => {
    expect(complaints({ system: 'sametime', host: 'a.example:443' })).toEqual([
      expect.stringContaining('is no host name'),
    ]);
  });
});
