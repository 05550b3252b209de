import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SafeMarkup } from '../../src/jinja/values/markup.js';
import { compile, render } from './compile.js';

describe("Pexip's own examples", () => {
  const person = {
    device_username: 'aliceJones',
    device_alias: 'alice@vc.example.com',
    device_password: 's3cret',
  };
  const set =
    '{%set provisiondata = "name=" + device_username|capitalize + "&registrationHost=confnode.example.com&registrationAlias=" + device_alias + "&registrationUsername=" + device_username + "&registrationPassword=" + device_password %}';
  const pairs =
    'name=Alicejones&registrationHost=confnode.example.com&registrationAlias=alice@vc.example.com&registrationUsername=aliceJones&registrationPassword=s3cret';

  it('builds the link of the documentation, in HTML', () => {
    const link = `${set}<a href="https://confnode.example.com/api/client/v2/provision?{{pex_url_encode(('data', provisiondata|pex_base64), ('message', 'Provision your app'|pex_base64))}}">this link</a>`;
    const html = compile(link, true).render(person);
    const [, href = ''] = /href="([^"]*)"/.exec(html) ?? [];
    expect(href).toContain('&amp;message=UHJvdmlzaW9uIHlvdXIgYXBw');
    const data = new URL(href.replaceAll('&amp;', '&')).searchParams.get('data') ?? '';
    expect(atob(data)).toBe(pairs);
  });

  it('builds the link of the other scheme, in text', () => {
    const text = render(`${set}pexip-provision://settings?data={{provisiondata|pex_base64}}`, person);
    expect(text).toBe(`pexip-provision://settings?data=${btoa(pairs)}`);
  });

  it('does not escape twice what a set block has kept', () => {
    const source = '{% set x %}{{ uri }}{% endset %}<a href="{{ x }}">{{ x ~ "&" }}</a>';
    expect(compile(source, true).render({ uri: 'a&b' })).toBe('<a href="a&amp;b">a&amp;b&amp;</a>');
    expect(compile('{{ m }}{{ m ~ "<" }}', true).render({ m: new SafeMarkup('<b>') })).toBe('<b><b>&lt;');
  });
});

describe("Pexip's filters and functions", () => {
  it('hashes under the key that it is given', () => {
    const keyring = { pexHash: (text: string) => `1${text.length}2345678901234567890` };
    expect(compile('{{ uid|pex_hash|pex_tail(6) }}', false, { keyring }).render({ uid: 'alice' })).toBe(
      '567890',
    );
    expect(() => render('{{ uid|pex_hash }}', { uid: 'a' })).toThrow('pex_hash needs the key file');
  });

  it('reads the clock and draws randomness as it is given them', () => {
    const clock = { now: () => Date.UTC(2026, 0, 31, 23, 30, 5, 123) };
    const random = (size: number) => Uint8Array.from({ length: size }, (_, index) => index + 248);
    const show = (source: string) => compile(source, false, { clock, random }).render({});
    expect(show('{{ pex_now() }}')).toBe('2026-01-31 23:30:05.123000+00:00');
    expect(
      show("{% set t = pex_now('Asia/Tokyo') %}{{ t.year }}-{{ t.month }}-{{ t.day }} {{ t.hour }}"),
    ).toBe('2026-2-1 8');
    expect(show("{{ pex_now('Europe/London').strftime('%A %d %B %Y %H:%M %z') }}")).toBe(
      'Saturday 31 January 2026 23:30 +0000',
    );
    expect(show('{{ pex_random_pin(6) }}')).toMatch(/^\d{6}$/);
    expect(show('{{ pex_uuid4() }}')).toBe('f8f9fafb-fcfd-4eff-8001-020304050607');
  });

  it('finds out whether an address is in a network', () => {
    const ask = (address: string, ...networks: string[]) =>
      render('{{ pex_in_subnet(a, n) }}', { a: address, n: networks });
    expect(ask('10.47.0.1', '10.0.0.0/8')).toBe('True');
    expect(ask('11.47.0.1', '10.0.0.0/8', '192.168.0.0/16')).toBe('False');
    expect(ask('2001:db8::1', '10.0.0.0/8', '2001:db8::/32')).toBe('True');
    expect(ask('10.0.0.1', '10.0.0.1')).toBe('True');
    expect(() => ask('nowhere', '10.0.0.0/8')).toThrow('no IP address');
    expect(() => ask('10.0.0.1', '10.0.0.0/33')).toThrow('a network is written as');
  });

  it.each([
    [
      'pex_safelinks_decode',
      'https://emea01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.com%2Fa%3Fb%3Dc%2Bd&data=02%7C01&reserved=0',
      'https://www.example.com/a?b=c+d',
    ],
    ['pex_safelinks_decode', 'https://example.com/?url=x', 'https://example.com/?url=x'],
    ['pex_safelinks_decode', 'no link', 'no link'],
    [
      'pex_urldefense_decode',
      'https://urldefense.proofpoint.com/v1/url?u=http://www.bouncycastle.org/&amp;k=oIvRg1%2BdGAgOoM1BIlLLqw%3D%3D%0A',
      'http://www.bouncycastle.org/',
    ],
    [
      'pex_urldefense_decode',
      'https://urldefense.proofpoint.com/v2/url?u=http-3A__www.example.com_a-2Db&d=BQ&c=x',
      'http://www.example.com/a-b',
    ],
    [
      'pex_urldefense_decode',
      'https://urldefense.com/v3/__https://google.com:443/search?q=a*test&gs=ps__;Kw!-612Flbf0JvQ3kNJkRi5Jg!x$',
      'https://google.com:443/search?q=a+test&gs=ps',
    ],
    [
      'pex_urldefense_decode',
      'https://urldefense.com/v3/__https://google.com/**A/x__;Kysg!abc$',
      'https://google.com/++/x',
    ],
  ])('%s of %s', (filter, link, decoded) => {
    expect(render(`{{ x|${filter} }}`, { x: link })).toBe(decoded);
  });

  it('shows an objectGUID as Active Directory does', () => {
    expect(render('{{ x|pex_to_uuid }}', { x: 'AAECAwQFBgcICQoLDA0ODw==' })).toBe(
      '03020100-0504-0706-0809-0a0b0c0d0e0f',
    );
    expect(render('{{ x|pex_to_uuid }}', { x: '03020100-0504-0706-0809-0A0B0C0D0E0F' })).toBe(
      '03020100-0504-0706-0809-0a0b0c0d0e0f',
    );
    expect(() => render('{{ x|pex_to_uuid }}', { x: 'AAEC' })).toThrow('Base64 of 16 bytes');
  });

  it('logs nothing, finds the first match, and changes copies only', () => {
    expect(render("a{{ pex_debug_log('x', uid) }}b", { uid: 'secret' })).toBe('ab');
    const list = { mails: ['smtp:b@x', 'SMTP:a@x'] };
    expect(
      render("{{ pex_find_first_match(mails, '^SMTP:') }}{{ mails|pex_find_first_match('b@') }}", list),
    ).toBe('SMTP:a@xsmtp:b@x');
    expect(render("{{ pex_find_first_match(mails, '^X')|default('none') }}", list)).toBe('none');
    expect(render("{% set d = {'a': 1} %}{{ d|pex_update({'a': 2}) }}{{ d }}")).toBe("{'a': 2}{'a': 1}");
  });

  it('is used by the documentation of the language with examples that hold', () => {
    const page = readFileSync(new URL('../../docs/reference/template-language.md', import.meta.url), 'utf8');
    const keyring = { pexHash: () => '31415926535897932384' };
    const examples = [...page.matchAll(/^\|[^|]*\| `(\{\{.*?\}\}|\{%.*?%\})` → `(.*?)`/gm)];
    expect(examples.length).toBeGreaterThan(60);
    const context = {
      uid: 'alice',
      mail: 'alice@corp.example',
      sn: 'Parkes',
      telephoneNumber: '+44 (0)20 7946-0123',
      objectGUID: 'AAECAwQFBgcICQoLDA0ODw==',
      attributes: { mail: ['alice@corp.example', 'a.parkes@corp.example'] },
    };
    for (const [, source = '', text = ''] of examples) {
      const plain = source.replaceAll('\\|', '|');
      expect([plain, compile(plain, false, { keyring }).render(context)]).toEqual([
        plain,
        text.replaceAll('\\|', '|'),
      ]);
    }
  });
});
