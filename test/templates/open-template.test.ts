import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollcallError } from '../../src/lib/errors.js';
import { goodBody, goodFiles, mjml, open, render, told } from './support.js';

const context = {
  uid: 'alice',
  link: { uri: 'https://px.example/?a=1&b=2', qr: 'cid:qr@x', host: 'px.example' },
};

async function opened(files: Record<string, string>) {
  const { template, problems } = await open(files);
  if (!template) throw new Error(told(problems).join('\n'));
  return { template, problems };
}

const withBody = (body: string) => ({ ...goodFiles, 'message.mjml': mjml(`${goodBody}\n${body}`) });

describe('a message', () => {
  it('is escaped in HTML, and as it is in text and subject', async () => {
    const { template } = await opened({ ...goodFiles, 'subject.txt': 'For {{ uid }}\n' });
    const message = render(template, undefined, { ...context, uid: 'a&b <"c">' });
    expect(message.html).toContain('Hello a&amp;b &lt;&#34;c&#34;&gt;');
    expect(message.html).toContain('href="https://px.example/?a=1&amp;b=2"');
    expect(message.text).toBe('Hello a&b <"c">\n\nhttps://px.example/?a=1&b=2\n');
    expect(message.subject).toBe('For a&b <"c">');
  });

  it('has a subject of one line, whatever a value holds', async () => {
    const { template } = await opened({ ...goodFiles, 'subject.txt': 'For {{ uid }}' });
    const { subject } = render(template, undefined, {
      ...context,
      uid: 'a\r\nBcc: x@y.example\u2028z\u0000',
    });
    expect(subject).toBe('For a Bcc: x@y.example z');
  });

  it('fails for a person whose subject would be empty', async () => {
    const { template } = await opened({ ...goodFiles, 'subject.txt': '{{ uid }}' });
    expect(() => render(template, undefined, { ...context, uid: ' ' })).toThrow(RollcallError);
  });

  it('keeps a condition around whole components', async () => {
    const { template } = await opened(
      withBody(
        '<mj-raw>{% if givenName %}</mj-raw><mj-text>Known</mj-text><mj-raw>{% else %}</mj-raw><mj-text>Unknown</mj-text><mj-raw>{% endif %}</mj-raw>',
      ),
    );
    const known = render(template, undefined, { ...context, givenName: 'Alice' }).html;
    const unknown = render(template, undefined, context).html;
    expect([known.includes('>Known<'), known.includes('>Unknown<')]).toEqual([true, false]);
    expect([unknown.includes('>Known<'), unknown.includes('>Unknown<')]).toEqual([false, true]);
  });

  it('keeps comparisons, quotes and loops that MJML and HTML would stumble over', async () => {
    const { template, problems } = await opened(
      withBody(
        `<mj-table>{% for n in [1, 2, 3] %}{% if n < 3 and n > 1 %}<tr><td title='{{ "x" ~ n }}'>{{ n }}</td></tr>{% endif %}{% endfor %}</mj-table>`,
      ),
    );
    expect(problems).toEqual([]);
    expect(render(template, undefined, context).html).toMatch(/<tr><td title='x2'>2<\/td><\/tr>/);
  });

  it('never sends what stands in a template comment or between components in an HTML comment', async () => {
    const { template } = await opened(
      withBody('<!-- note to editors -->\n<mj-text>x{# {{ device_password }} #}</mj-text>'),
    );
    const { html } = render(template, undefined, context);
    expect(html).not.toMatch(/note to editors|device_password/);
  });

  it('asks nobody for fonts', async () => {
    const { template } = await opened(goodFiles);
    const { html } = render(template, undefined, context);
    expect(html.replace(/<html[^>]*>/, '').match(/https?:\/\/[^"\s]+/g)).toEqual([
      'https://px.example/?a=1&amp;b=2',
    ]);
  });

  it('renders the Base64 links of the Pexip guide unchanged, in HTML and inside MJML', async () => {
    const guide = `{%set provisiondata = "name=" + device_username|capitalize + "&registrationHost=confnode.example.com&registrationAlias=" + device_alias + "&registrationUsername=" + device_username + "&registrationPassword=" + device_password %}

<p>You can open <a href="https://confnode.example.com/api/client/v2/provision?{{pex_url_encode(('data', provisiondata|pex_base64), ('message', 'Provision your app'|pex_base64))}}">this link</a> to automatically configure your client.</p>`;
    const person = {
      device_username: 'aliceJones',
      device_alias: 'alice@vc.example',
      device_password: 'p&ss wörd',
    };
    const data = Buffer.from(
      'name=Alicejones&registrationHost=confnode.example.com&registrationAlias=alice@vc.example&registrationUsername=aliceJones&registrationPassword=p&ss wörd',
    ).toString('base64');
    for (const files of [
      { 'message.html': guide, 'subject.txt': 'x' },
      { 'message.mjml': mjml(`<mj-text>${guide}</mj-text>`), 'subject.txt': 'x' },
    ]) {
      const { template, problems } = await opened(files);
      expect(problems).toEqual([]);
      const { html, text } = render(template, undefined, person);
      const href = /href="(https:\/\/confnode[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(new URL(href).searchParams.get('data')).toBe(data);
      expect(text).toContain(href);
    }
  });
});

describe('any value', () => {
  const decode = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#34;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');

  it('is read back from HTML as it went in, and cannot leave its place', async () => {
    const { template } = await opened(withBody('<mj-text>[<i title="{{ uid }}">{{ uid }}</i>]</mj-text>'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (uid) => {
        const { html, subject } = render(template, undefined, { ...context, uid });
        const found = /\[<i title="([^"]*)">([^<]*)<\/i>\]/.exec(html);
        expect([decode(found?.[1] ?? ''), decode(found?.[2] ?? '')]).toEqual([uid, uid]);
        expect(subject).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('the text part', () => {
  it('is made from the HTML where there is none, with its conditions and its links', async () => {
    const { template } = await opened({
      'message.mjml': mjml(
        `<mj-text>{% if givenName %}Hello {{ givenName }}{% else %}Hello{% endif %}</mj-text>
        <mj-button href="{{ link.uri }}">Set up</mj-button>
        <mj-image src="{{ link.qr }}" alt="QR code" />`,
        '<mj-preview>Preview</mj-preview>',
      ),
      'subject.txt': 'x',
    });
    expect(render(template, undefined, { ...context, givenName: 'A & B' }).text).toBe(
      'Hello A & B\n\nSet up <https://px.example/?a=1&b=2>\n',
    );
    expect(render(template, undefined, context).text).toMatch(/^Hello\n/);
  });

  it('has no heaps of blank lines where conditions stood', async () => {
    const { template } = await opened({
      ...goodFiles,
      'message.txt': 'a\n{% if givenName %}\nb\n{% endif %}\n\n{{ link.uri }}\n',
    });
    expect(render(template, undefined, context).text).toBe('a\n\nhttps://px.example/?a=1&b=2\n');
  });
});

describe('a locale', () => {
  const german = mjml(goodBody.replace('Hello', 'Hallo')).replace('lang="en"', 'lang="de"');

  it('is looked for from the region to the language to the plain file, each file for itself', async () => {
    const { template } = await opened({
      ...goodFiles,
      'message.de.mjml': german,
      'message.de.txt': 'Hallo {{ uid }}\n{{ link.uri }}\n',
      'subject.de-AT.txt': 'Servus',
    });
    expect(template.resolveLocale('de-AT')).toBe('de-at');
    expect(template.resolveLocale('de_CH')).toBe('de');
    expect(template.resolveLocale('fr')).toBeUndefined();
    expect(template.resolveLocale(undefined)).toBeUndefined();
    expect(template.resolveLocale('')).toBeUndefined();
    const austrian = render(template, 'de-AT', context);
    expect([austrian.subject, austrian.text.split('\n')[0]]).toEqual(['Servus', 'Hallo alice']);
    expect(austrian.html).toContain('Hallo alice');
    expect(render(template, 'de', context).subject).toBe('Set up');
    expect(render(template, 'xx', context).html).toContain('Hello alice');
  });

  it('may be a list with weights, as directories keep it', async () => {
    const { template } = await opened({
      ...goodFiles,
      'message.de.mjml': german,
      'message.de.txt': '{{ link.uri }}',
    });
    expect(template.resolveLocale('fr;q=0.9, de-CH;q=0.8')).toBe('de');
    expect(template.resolveLocale('de;q=0.3, en-GB')).toBeUndefined();
  });
});

describe('an opened template', () => {
  it('tells the variables of all its files at their places', async () => {
    const { template } = await opened(goodFiles);
    const uses = template.symbols.map(({ path, file, line, column }) => [
      path.join('.'),
      file.split('/').at(-1),
      line,
      column,
    ]);
    expect(uses).toEqual([
      ['uid', 'message.mjml', 8, 27],
      ['link.uri', 'message.mjml', 9, 29],
      ['uid', 'message.txt', 1, 10],
      ['link.uri', 'message.txt', 3, 4],
    ]);
  });

  it('says whether it shows the QR code', async () => {
    const { template } = await opened(withBody('<mj-image src="{{ link.qr }}" alt="QR code" />'));
    expect(template.usesQr(undefined)).toBe(true);
    expect((await opened(goodFiles)).template.usesQr(undefined)).toBe(false);
  });

  it('names the place in the MJML file where a person lacks a value', async () => {
    const { template } = await opened(withBody('<mj-text>\n  Dear {{ givenName }}</mj-text>'));
    const thrown = await Promise.resolve()
      .then(() => render(template, undefined, context))
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: 'ROLLCALL_ERR_UNDEFINED_VARIABLE',
      facts: { line: 11, column: 11 },
    });
  });

  it('is not opened by a name that leads out of its folder', async () => {
    const { openTemplate } = await import('../../src/templates/open-template.js');
    const { jinja } = await import('./support.js');
    for (const name of ['../x', '/etc', '.', '', 'a/b']) {
      const { template, problems } = await openTemplate({ dir: '/tmp', name, jinja });
      expect(template).toBeUndefined();
      expect(problems).toMatchObject([{ code: 'ROLLCALL_ERR_TEMPLATE_MISSING' }]);
    }
  });
});
