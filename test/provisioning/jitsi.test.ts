import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complaints } from './sections.js';
import { prepared, uriFor } from './support.js';

// What Jitsi itself replaces; written apart so that nobody takes it for a JavaScript template.
const USERNAME = '$' + '{username}';
const PASSWORD = '$' + '{password}';
const jitsi = { system: 'jitsi', host: 'openfire.corp.example', secret: 'bigsecret' };
const literal = { ...jitsi, username: '{{ device_username }}', password: '{{ device_password }}' };

describe('a Jitsi link', () => {
  test("is that of the plugin's document, byte for byte", () => {
    const section = {
      ...jitsi,
      host: 'example.com',
      path: '/plugins/jitsiProvisioning/provision/',
      allowInsecure: true,
    };
    expect(uriFor(section, {})).toBe(
      `http://example.com/plugins/jitsiProvisioning/provision/?user=${USERNAME}&password=${PASSWORD}&secret=bigsecret`,
    );
  });

  test('is HTTPS, with the placeholders that Jitsi fills itself', () => {
    expect(uriFor(jitsi, { device_username: 'alice', device_password: 'x' })).toBe(
      `https://openfire.corp.example/plugins/jitsiProvisioning/provision?user=${USERNAME}&password=${PASSWORD}&secret=bigsecret`,
    );
  });

  test("takes the parameter that the plugin's source reads, and a port", () => {
    expect(uriFor({ ...jitsi, host: 'openfire.corp.example:7443', userParameter: 'username' }, {})).toBe(
      `https://openfire.corp.example:7443/plugins/jitsiProvisioning/provision?username=${USERNAME}&password=${PASSWORD}&secret=bigsecret`,
    );
  });

  test('carries literal credentials, UTF-8 percent-encoded beyond ASCII', () => {
    expect(uriFor(literal, { device_username: 'søren@corp', device_password: '漢-77' })).toBe(
      'https://openfire.corp.example/plugins/jitsiProvisioning/provision?user=s%C3%B8ren@corp&password=%E6%BC%A2-77&secret=bigsecret',
    );
  });

  test('reaches the plugin as it is: Jitsi takes the query apart and decodes nothing', () => {
    const system = prepared(literal);
    const value = fc.stringMatching(/^[!$'()*,\-./0-9:;?@A-Z_a-z~]{1,12}$/);
    fc.assert(
      fc.property(value, value, (username, password) => {
        const person = { device_username: username, device_password: password };
        const uri = system.link(system.linkData(person)).uri.reveal();
        const query = uri.slice(uri.indexOf('?') + 1).split('&');
        const posted = query.map((pair) => [
          pair.slice(0, pair.indexOf('=')),
          pair.slice(pair.indexOf('=') + 1),
        ]);
        expect(Object.fromEntries(posted)).toEqual({ user: username, password, secret: 'bigsecret' });
      }),
      { numRuns: 2_000 },
    );
  });

  test('has the placeholders for people without user name and password', () => {
    expect(uriFor(literal, {})).toContain(`user=${USERNAME}&password=${PASSWORD}`);
    expect(() => uriFor(literal, { device_username: 'alice' })).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
    );
  });

  test.each(['a&b', 'a=b', '100%', 'a+b', 'a b', 'a#b', 'a\nb'])(
    'is refused for the password %o, which Jitsi would not send as it is',
    (password) => {
      expect(() => uriFor(literal, { device_username: 'alice', device_password: password })).toThrow(
        expect.objectContaining({ code: 'ROLLCALL_ERR_UNUSABLE_VALUE' }),
      );
    },
  );

  test('takes placeholders written out in the campaign as they are', () => {
    expect(uriFor({ ...jitsi, username: USERNAME, password: PASSWORD }, {})).toBe(uriFor(jitsi, {}));
  });

  test('tells the mail whether Jitsi will ask for user name and password', () => {
    const asks = (section: object, person: Record<string, string>) => {
      const system = prepared(section);
      return system.link(system.linkData(person)).fields['asksCredentials'];
    };
    expect(asks(jitsi, {})).toBe('true');
    expect(asks(literal, { device_username: 'a', device_password: 'b' })).toBe('');
  });

  test('masks the shared secret when asked', () => {
    expect(prepared(jitsi).linkData({}, { mask: true })['secret']).toMatch(/^(?!bigsecret)[a-z]{9}$/);
  });
});

describe("Jitsi's section", () => {
  test.each([{ username: 'a' }, { password: 'b' }, { username: USERNAME, password: 'b' }])(
    'refuses one of user name and password without the other: %o',
    (keys) => {
      expect(complaints({ ...jitsi, ...keys })).toEqual([
        expect.stringContaining('Jitsi asks for both or for neither'),
      ]);
    },
  );

  test('refuses a secret that Jitsi would not send as it is', () => {
    const [complaint = ''] = complaints({ ...jitsi, secret: 'big&secret' });
    expect(complaint).toMatch(/^secret: Jitsi sends it as it stands/);
  });

  test('needs a secret', () => {
    expect(complaints({ system: 'jitsi', host: 'openfire.corp.example' })).toEqual([
      expect.stringMatching(/^secret: /),
    ]);
  });
});
