import { describe, expect, test } from 'vitest';
import { prepareSystem } from '../../src/provisioning/prepare.js';
import { complaints, sectionOf } from './sections.js';
import { jinja, prepared, uriFor } from './support.js';

describe('InfinityOne', () => {
  const infinityone = { system: 'infinityone', host: 'ucx.infinityone.app' };

  test('gives the address to click, the one to type on a phone, and the user name', () => {
    const system = prepared(infinityone);
    const link = system.link(system.linkData({ device_username: 'alice' }));
    expect(link.uri.reveal()).toBe('https://ucx.infinityone.app:21326');
    expect(link.fields).toEqual({
      host: 'ucx.infinityone.app',
      port: '21326',
      hostPort: 'ucx.infinityone.app:21326',
      user: 'alice',
    });
  });

  test('takes another port', () => {
    expect(uriFor({ ...infinityone, port: '8443' }, {})).toBe('https://ucx.infinityone.app:8443');
  });

  test.each(['192.168.1.200', '::1'])('warns of a host that is an address: %s', (host) => {
    const { system, problems } = prepareSystem(sectionOf({ system: 'infinityone', host }), {
      jinja,
      at: (key) => ({ file: 'jobs/infinityone.yaml', line: key === 'host' ? 7 : 1 }),
    });
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', file: 'jobs/infinityone.yaml', line: 7 }),
    ]);
    expect(system?.link({ host: host === '::1' ? '[::1]' : host, port: '21326' }).uri.reveal()).toBe(
      host === '::1' ? 'https://[::1]:21326' : 'https://192.168.1.200:21326',
    );
  });
});

describe('custom', () => {
  const person = { mail: 'alice@corp.example', uid: 'alice' };

  test.each([
    [
      'Cisco Jabber',
      {
        uri: 'ciscojabber://provision?ServicesDomain=corp.example&VoiceServicesDomain=vc.corp.example',
        schemes: ['ciscojabber'],
      },
      'ciscojabber://provision?ServicesDomain=corp.example&VoiceServicesDomain=vc.corp.example',
    ],
    [
      'Linphone',
      {
        uri: 'linphone-config:fetch-config={{ ("https://prov.corp.example/" + uid + ".xml")|pex_base64 }}',
        schemes: ['linphone-config'],
      },
      `linphone-config:fetch-config=${Buffer.from('https://prov.corp.example/alice.xml').toString('base64')}`,
    ],
    [
      'Element',
      {
        uri: "https://mobile.element.io/element?{{ pex_url_encode(('account_provider', 'corp.example'), ('login_hint', 'mxid:@' + uid + ':corp.example')) }}",
      },
      'https://mobile.element.io/element?account_provider=corp.example&login_hint=mxid%3A%40alice%3Acorp.example',
    ],
  ])('makes the link of %s', (_name, section, uri) => {
    expect(uriFor({ system: 'custom', ...section }, person)).toBe(uri);
  });

  test('refuses a scheme that the campaign does not name, at once where it is written out', () => {
    expect(complaints({ system: 'custom', uri: 'ciscojabber://provision' })).toEqual([
      'uri: "ciscojabber" is not among the schemes of this campaign: write schemes: [ciscojabber]',
    ]);
    expect(() =>
      uriFor({ system: 'custom', uri: '{{ labeledURI }}' }, { labeledURI: 'http://a.example' }),
    ).toThrow(expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }));
  });

  test.each(['javascript', 'data', 'file'])('never takes %s:', (scheme) => {
    expect(complaints({ system: 'custom', uri: `${scheme}:x` })).toEqual([
      `uri: a mail must not carry ${scheme}: links`,
    ]);
    expect(complaints({ system: 'custom', uri: '{{ x }}', schemes: [scheme] })).toEqual([
      'schemes.0: a mail must not carry links of this kind',
    ]);
    expect(() => uriFor({ system: 'custom', uri: '{{ x }}' }, { x: `${scheme}:y` })).toThrow();
  });

  test.each(['https://a.example/{{ cn }}', 'https://{{ cn }}'])('refuses a space: %s', (uri) => {
    expect(() => uriFor({ system: 'custom', uri }, { cn: 'a b' })).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
    );
  });

  test('does not hide that a person lacks what the link needs', () => {
    expect(() => uriFor({ system: 'custom', uri: 'https://a.example/{{ device_username }}' }, {})).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_UNDEFINED_VARIABLE' }),
    );
  });
});
