import { PNG } from 'pngjs';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf } from '../../src/model/lines.js';
import { campaignText, createHouse, type House, html, person, prepare } from './support.js';

let house: House;
afterEach(() => house.remove());

async function mail(
  files: Readonly<Record<string, string>>,
  attributes: Parameters<typeof person>[0] = {},
  sections = {},
) {
  house = await createHouse({ ...files, 'jobs/main.yaml': campaignText(sections) });
  const campaign = await prepare(house);
  const result = campaign.assign(person({ uid: 'anna', mail: 'anna@corp.example', ...attributes }));
  if (result.kind !== 'assigned') throw new Error(JSON.stringify(result));
  const rendered = await campaign.render(result.assignment);
  return { ...rendered, html: textOf(rendered.html) };
}

const link = '<a href="{{ link.uri }}">set up</a>';

describe('a rendered mail', () => {
  it('holds the link, the constants, the campaign and the person', async () => {
    const body = html(
      `<p>{{ campaign.name }} {{ vars.desk }} {{ device_email }} {{ attributes['cn']|join("/") }} ${link}</p>`,
    );
    const found = await mail(
      { 'templates/welcome/message.html': body },
      { cn: ['A', 'B'] },
      { vars: '{ desk: 12 }' },
    );
    expect(found.html).toContain(
      'main 12 anna@corp.example A/B <a href="https://vc.corp.example/join?alias=anna%40vc">',
    );
    expect(found.subject).toBe('Your video device');
    expect(found.pictures).toEqual([]);
  });

  it('holds the picture that it shows', async () => {
    const body = html(`<p>${link} <img src="{{ link.qr }}" alt="QR code of the link" width="200"></p>`);
    const found = await mail({ 'templates/welcome/message.html': body });
    const [picture, ...others] = found.pictures;
    expect(others).toEqual([]);
    expect(found.html).toContain(`src="cid:${picture?.cid}"`);
    expect(PNG.sync.read(picture?.content ?? Buffer.alloc(0)).width).toBeGreaterThan(100);
  });

  it('lets braces and odd words of a person through, escaped', async () => {
    const found = await mail({}, { givenName: '{{ x }} {% y %} undefined NaN [object Object] <b>' });
    expect(found.html).toContain('Hello {{ x }} {% y %} undefined NaN [object Object] &lt;b&gt;,');
  });

  it('lets the wording of a template through', async () => {
    const body = html(`<p>As yet undefined. {% raw %}{{ name }}{% endraw %} ${link}</p>`);
    expect((await mail({ 'templates/welcome/message.html': body })).html).toContain(
      'As yet undefined. {{ name }}',
    );
  });

  it.each([
    ['an object', `<p>{{ vars.deep|string }} ${link}</p>`, { vars: '{ deep: { a: 1 } }' }],
    ['a person without the attribute', `<p>{{ sn }} ${link}</p>`, {}],
  ])('never shows %s as such', async (_what, body, sections) => {
    const outcome = await mail({ 'templates/welcome/message.html': html(body) }, {}, sections).then(
      (found) => found.html,
      (error: { code: string }) => error.code,
    );
    expect(outcome).not.toMatch(/undefined|\[object Object\]/);
  });

  it('is in the language of the person', async () => {
    const files = {
      'templates/welcome/message.de.html': html(`<p>Hallo, ${link}</p>`).replace('"en"', '"de"'),
      'templates/welcome/message.de.txt': 'Hallo {{ link.uri }}\n',
      'templates/welcome/subject.de.txt': 'Ihr Gerät\n',
    };
    const message = '{ template: welcome, locale: "{{ preferredLanguage }}" }';
    expect((await mail(files, { preferredLanguage: 'de-AT' }, { message })).subject).toBe('Ihr Gerät');
    await house.remove();
    expect((await mail(files, {}, { message })).subject).toBe('Your video device');
  });
});
