import { afterEach, describe, expect, it } from 'vitest';
import { checkFiles } from '../../src/campaign/check.js';
import { loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { campaignText, createHouse, type House, html, lines, settingsText } from './support.js';

let house: House;
afterEach(() => house.remove());

async function problems(files: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  house = await createHouse(files);
  return lines((await checkFiles({ config: house.config, env })).problems, house);
}

/** What is wrong with the usual campaign when these sections are other ones. */
const campaign = (sections: Readonly<Record<string, string>>) =>
  problems({ 'jobs/main.yaml': campaignText(sections) });

const aliases = (text: string) =>
  campaign({ aliases: `\n  - { name: staff, match: { mail: "*" }, ${text} }` });

describe('checking files', () => {
  it('finds nothing wrong with a plain house', async () => {
    expect(await problems({})).toEqual([]);
  });

  it('tells what is wrong with settings, campaigns and templates in one go', async () => {
    const found = await problems({
      'config/rollcall.yaml': `${settingsText}redis: { urll: local }\n`,
      'jobs/main.yaml': campaignText({
        schedule: '{ cron: "30 2 * *", timezone: Europe/Lodnon }',
        aliases: '[{ name: staff, match: { mail: "/(/", givenNam: x }, alias: "{{ uidd }}", usernam: x }]',
        lmits: '{}',
      }),
      'jobs/other.yaml': campaignText({ name: 'othr', message: '{ template: welcom }' }),
      'templates/welcome/message.html': html(
        '<p>{{ givenNam }} {% if uid %}<a href="{{ link.uri }}">x</a></p>',
      ),
    });
    expect(found.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'config/rollcall.yaml:5:10 UNKNOWN_KEY',
      'jobs/main.yaml:3:41 PATTERN',
      'jobs/main.yaml:3:48 UNKNOWN_VARIABLE',
      'jobs/main.yaml:3:74 UNKNOWN_VARIABLE',
      'jobs/main.yaml:3:84 UNKNOWN_KEY',
      'jobs/main.yaml:6:19 SCHEDULE',
      'jobs/main.yaml:6:41 SCHEDULE',
      'jobs/main.yaml:7:1 UNKNOWN_KEY',
      'jobs/other.yaml:1:7 VALUE',
      'jobs/other.yaml:5:22 TEMPLATE_MISSING',
      expect.stringMatching(/^templates\/welcome\/message\.html:3:\d+ /),
    ]);
  });

  it('tells of a campaign that is not there', async () => {
    house = await createHouse();
    const settings = await loadSettings(house.config, [], {});
    await expect(loadCampaign(settings, 'mian')).rejects.toMatchObject({
      code: 'ROLLCALL_ERR_UNKNOWN_CAMPAIGN',
      hint: 'Did you mean "main"?',
    });
    const { problems: found } = await checkFiles({ config: house.config, campaigns: ['mian'], env: {} });
    expect(found).toMatchObject([{ code: 'ROLLCALL_ERR_UNKNOWN_CAMPAIGN' }]);
  });

  it('says what is missing from empty files', async () => {
    expect(await problems({ 'config/rollcall.yaml': '', 'jobs/main.yaml': '' })).toEqual([
      'config/rollcall.yaml:1:1 MISSING_KEY directory is missing.',
      'config/rollcall.yaml:1:1 MISSING_KEY smtp is missing.',
      'config/rollcall.yaml:1:1 MISSING_KEY recipients is missing.',
      'jobs/main.yaml:1:1 MISSING_KEY name is missing.',
      'jobs/main.yaml:1:1 MISSING_KEY people is missing.',
      'jobs/main.yaml:1:1 MISSING_KEY aliases is missing.',
    ]);
  });

  it('does not tell a second time what follows from an unresolved reference', async () => {
    const text = `${settingsText}redis: { url: "\${REDIS_URL}" }\n`;
    expect(await problems({ 'config/rollcall.yaml': text })).toEqual([
      'config/rollcall.yaml:5:16 REFERENCE The environment variable REDIS_URL is not set.',
    ]);
  });
});

describe('variables of a campaign', () => {
  it.each([
    [
      'an unknown attribute',
      'alias: "{{ givenNam }}"',
      '4:53 UNKNOWN_VARIABLE There is no variable "givenNam". | Did you mean "givenname"?',
    ],
    [
      'an unknown attribute in brackets',
      `alias: "{{ attributes['x-y']|first }}"`,
      `UNKNOWN_VARIABLE There is no variable "attributes['x-y']". | If it is an LDAP attribute, name it in people.attributes: [x-y].`,
    ],
    [
      'attributes without a name',
      'alias: "{{ attributes|length }}"',
      `UNKNOWN_VARIABLE "attributes" is used without the name of an attribute.`,
    ],
    [
      'a group that the pattern does not name',
      'alias: "{{ match.local }}"',
      `UNKNOWN_VARIABLE There is no variable "match.local". | Name a group in the pattern's match: (?<local>…).`,
    ],
    [
      'a constant that is not there',
      'alias: "{{ vars.helpdesk }}"',
      'UNKNOWN_VARIABLE There is no variable "vars.helpdesk". | Add it under vars: in the campaign.',
    ],
    [
      'something of the campaign',
      'alias: "{{ campaign.nam }}"',
      'UNKNOWN_VARIABLE There is no variable "campaign.nam". | Did you mean "campaign.name"?',
    ],
    ['the link', 'alias: "{{ link.uri }}"', 'UNKNOWN_VARIABLE There is no "link" in alias.'],
    [
      'what is not known yet',
      'alias: a, username: "{{ device_password }}"',
      'UNKNOWN_VARIABLE "device_password" is not known yet in username.',
    ],
    [
      'an alias made of itself',
      'alias: "{{ device_alias }}"',
      'UNKNOWN_VARIABLE "device_alias" is not known yet in alias.',
    ],
    ['the time', 'alias: "{{ pex_now() }}"', 'IMPURE aliases[0].alias uses pex_now'],
    [
      'chance',
      'alias: a, password: "{{ pex_random_pin(6) }}"',
      'IMPURE aliases[0].password uses pex_random_pin',
    ],
    ['an unknown filter', 'alias: "{{ uid|lowr }}"', 'Did you mean "lower"?'],
  ])('refuses %s', async (_what, text, expected) => {
    const found = await aliases(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it.each([
    ['an attribute in any case', 'alias: "{{ GIVENNAME }}"'],
    ['an attribute with options', `alias: "{{ attributes['cn;lang-de']|first }}"`],
    [
      'what comes before it',
      'alias: "{{ device_email }}", username: "{{ device_alias }}", password: "{{ device_username|pex_hash }}"',
    ],
    ['what the template sets itself', 'alias: "{% set x = uid %}{{ x }}"'],
    ['a constant that only some campaigns have', 'alias: "{{ vars.helpdesk|default(uid) }}"'],
  ])('allows %s', async (_what, text) => {
    expect(await aliases(text)).toEqual([]);
  });

  it('knows the attributes that the campaign names, in any case', async () => {
    const people = '{ base: "dc=corp", filter: "(mail=*)", attributes: [corpVideoGroup] }';
    const patterns =
      '[{ name: a, match: { CORPvideogroup: "*" }, alias: "{{ corpVideoGroup }}{{ corpVideoGroupp }}" }]';
    expect(await campaign({ people, aliases: patterns })).toEqual([
      'jobs/main.yaml:3:85 UNKNOWN_VARIABLE There is no variable "corpVideoGroupp". | Did you mean "corpvideogroup"?',
    ]);
  });

  it('knows the groups of every alternative, and the constants', async () => {
    expect(
      await campaign({
        vars: '{ domain: vc.corp, depth: [1, { a: true }] }',
        aliases:
          '[{ name: a, match: { mail: ["/^(?<a>.)/", "/(?<b>.)$/"] }, alias: "{{ match.a or match.b }}@{{ vars.domain }}" }]',
      }),
    ).toEqual([]);
  });

  it.each([
    ['message.to', '{ template: welcome, to: "{{ mial }}" }', '5:35'],
    ['message.locale', '{ template: welcome, locale: "{{ preferedLanguage }}" }', '5:43'],
  ])('are checked in %s', async (_where, message, place) => {
    const [first, ...others] = await campaign({ message });
    expect(first?.replace(/-?\d+$/, '')).toMatch(
      new RegExp(`^jobs/main.yaml:${place.split(':')[0]}:\\d+ UNKNOWN_VARIABLE`),
    );
    expect(others).toEqual([]);
  });

  it('are checked in provisioning, at their place', async () => {
    expect(
      await campaign({ provisioning: '\n  system: custom\n  uri: "https://x.example/{{ device_alais }}"' }),
    ).toEqual([
      'jobs/main.yaml:6:30 UNKNOWN_VARIABLE There is no variable "device_alais". | Did you mean "device_alias"?',
    ]);
  });

  it('are found in block scalars', async () => {
    const text =
      '\n  - name: staff\n    match: { mail: "*" }\n    alias: >-\n      {{ uid }}@\n      {{ uidd }}';
    expect((await campaign({ aliases: text }))[0]).toMatch(
      /^jobs\/main\.yaml:8:10 UNKNOWN_VARIABLE .*"uidd"/,
    );
  });

  it('are checked in messages against the patterns that use them', async () => {
    const files = {
      'templates/welcome/message.html': html(
        '<p>{{ sn }} {{ match.first }} {{ match.none }} <a href="{{ link.urii }}">a</a> {{ link.uri }}</p>',
      ),
      'jobs/main.yaml': campaignText({
        aliases:
          '[{ name: a, match: { mail: "/^(?<first>.)/" }, alias: a }, { name: b, match: { mail: "*" }, alias: b }]',
      }),
    };
    const found = (await problems(files)).filter((line) => line.includes('UNKNOWN_VARIABLE'));
    expect(found.map((line) => line.slice(line.indexOf('There')))).toEqual([
      `There is no variable "match.none". | Name a group in the pattern's match: (?<none>…).`,
      'There is no variable "link.urii". | Did you mean "link.uri"?',
    ]);
  });

  it('have no link in a campaign without provisioning', async () => {
    const found = await campaign({ provisioning: '' });
    expect(found.length).toBeGreaterThan(0);
    for (const line of found)
      expect(line).toContain('There is no "link" in message templates of a campaign without provisioning:.');
  });
});

describe('plaintext', () => {
  const settings = (text: string, env: Record<string, string> = {}) =>
    problems(
      {
        'config/rollcall.yaml': `${settingsText.replace(/^(directory|smtp).*\n/gm, (row) => (text.includes(`${row.split(':')[0]}:`) ? '' : row))}${text}`,
      },
      env,
    );
  const smtp = (rest: string) => `smtp: { from: "a@corp.example", ${rest} }\n`;

  it.each([
    ['LDAP', 'directory: { url: "ldap://ldap.corp.example" }\n', 'directory.url'],
    ['SMTP', smtp('host: relay.corp.example, tls: none'), 'smtp.tls'],
    ['Redis', 'redis: { url: "redis://10.0.0.1:6379" }\n', 'redis.url'],
    [
      'IMAP',
      'bounces: { imap: { host: mail.corp.example, user: a, password: b, tls: none } }\n',
      'bounces.imap.tls',
    ],
  ])('is refused for %s to another machine, and allowed on request', async (_what, text, key) => {
    expect(await settings(text)).toMatchObject([expect.stringContaining(`PLAINTEXT ${key}: `)]);
    await house.remove();
    expect(await settings(`${text}allowPlaintext: true\n`)).toEqual([]);
  });

  it.each([
    ['directory: { url: "ldap://localhost" }\n'],
    ['directory: { url: "ldap://[::1]:3389" }\n'],
    ['directory: { url: "ldap://ldap.corp.example", startTls: true }\n'],
    ['directory: { url: "ldaps://ldap.corp.example" }\n'],
    [smtp('host: 127.0.0.3, tls: none')],
    ['redis: { url: "redis://127.0.0.1" }\n'],
    ['redis: { url: "rediss://redis.corp.example" }\n'],
    ['redis: { url: "unix:///run/redis.sock" }\n'],
  ])('is no matter in %s', async (text) => {
    expect(await settings(text)).toEqual([]);
  });

  it('is refused to hosts that only look like this machine', async () => {
    expect(await settings('directory: { url: "ldap://127.0.0.1.evil.example" }\n')).toHaveLength(1);
    await house.remove();
    expect(await settings('directory: { url: "ldap://localhost.evil.example" }\n')).toHaveLength(1);
  });

  it('is not brought in by switching off the checks of certificates', async () => {
    expect(await settings('', { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatchObject([
      expect.stringContaining('TLS_CHECKS_OFF'),
    ]);
  });

  it('goes with digests to allowed domains alone', async () => {
    expect(await settings('notify: { to: [ops@corp.example, ops@evil.example] }\n')).toMatchObject([
      expect.stringMatching(/^config\/rollcall\.yaml:5:34 VALUE notify\.to\[1\]: evil\.example is not among/),
    ]);
  });
});
