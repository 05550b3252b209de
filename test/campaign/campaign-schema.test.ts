import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findCampaign, listCampaigns, loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { RollcallError } from '../../src/lib/errors.js';
import { campaignText, createHouse, type House, lines } from './support.js';

let house: House;
afterEach(() => house.remove());

async function load(sections: Readonly<Record<string, string>> = {}, env: Record<string, string> = {}) {
  house = await createHouse({ 'jobs/main.yaml': campaignText(sections) });
  return loadCampaign(await loadSettings(house.config, [], {}), 'main', env);
}

async function problems(sections: Readonly<Record<string, string>>) {
  const error = await load(sections).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof RollcallError
    ? lines(error.problems, house).map((line) => line.replace(/^[^ ]* /, ''))
    : [];
}

describe('a campaign', () => {
  it('has the defaults that the contract gives', async () => {
    const campaign = await load();
    expect(campaign).toMatchObject({
      name: 'main',
      repeat: 'onChange',
      uncertain: 'hold',
      expiresAfter: 3 * 86_400_000,
      limits: { maxRecipients: 5000, minPeople: 1, maxIncrease: 0.25, maxDecrease: 0.1, maxFailed: 0.05 },
      vars: {},
      people: { attributes: [], includeDisabled: false },
    });
    expect(campaign.canary).toBeUndefined();
    expect(campaign.window).toBeUndefined();
    expect(campaign.schedule).toBeUndefined();
    expect(campaign.patterns[0]?.message?.value).toEqual({ to: '{{ mail }}', template: 'welcome' });
  });

  it('takes everything that it can be given', async () => {
    const campaign = await load({
      schedule: '{ cron: "30 2 * * 1-5", timezone: Europe/London, maxLateness: 2h }',
      vars: '{ helpdesk: "+44", list: [1, two, true], deep: { a: null } }',
      repeat: 'never',
      uncertain: 'resend',
      expiresAfter: '12h',
      canary: '10',
      window: '{ days: [mon, fri], from: "19:00", to: "07:00", timezone: Asia/Kolkata }',
      limits: '{ maxRecipients: 10, maxFailed: 0.5% }',
    });
    expect(campaign).toMatchObject({
      schedule: { cron: '30 2 * * 1-5', timezone: 'Europe/London', maxLateness: 7_200_000 },
      vars: { helpdesk: '+44', list: [1, 'two', true], deep: { a: null } },
      repeat: 'never',
      uncertain: 'resend',
      expiresAfter: 43_200_000,
      canary: 10,
      window: { days: ['mon', 'fri'], from: '19:00', to: '07:00', timezone: 'Asia/Kolkata' },
      limits: { maxRecipients: 10, minPeople: 1, maxFailed: 0.005 },
    });
  });

  it.each<[string, Record<string, string>, string | RegExp]>([
    [
      'a name that is not the file’s',
      { name: 'mian' },
      /^VALUE name: "mian" is not the file's name, "main"\./,
    ],
    ['a name with a colon', { name: '"a:b"' }, /^VALUE name: a name is letters/],
    [
      'four fields',
      { schedule: '{ cron: "30 2 * *" }' },
      /^SCHEDULE schedule\.cron: .*has 4 fields and not five/,
    ],
    ['seconds', { schedule: '{ cron: "0 30 2 * * *" }' }, /has 6 fields and not five/],
    [
      'an hour too many',
      { schedule: '{ cron: "0 24 * * *" }' },
      /^SCHEDULE schedule\.cron: "0 24 \* \* \*" is no cron expression/,
    ],
    ['a day that never comes', { schedule: '{ cron: "0 0 31 2 *" }' }, /^SCHEDULE schedule\.cron/],
    ['a minute left to chance', { schedule: '{ cron: "H 2 * * *" }' }, /H is not supported/],
    [
      'an unknown time zone',
      { schedule: '{ cron: "0 2 * * *", timezone: Europe/Lundon }' },
      'SCHEDULE schedule.timezone: "Europe/Lundon" is no time zone. | Did you mean "Europe/London"?',
    ],
    [
      'a window that is never open',
      { window: '{ from: "07:00", to: "07:00" }' },
      /^VALUE window\.to: .*never be open/,
    ],
    [
      'a time without quotes that YAML keeps',
      { window: '{ from: 7:00, to: "19:00" }' },
      /^VALUE window\.from: a time of day/,
    ],
    [
      'an unknown day',
      { window: '{ days: [mo], from: "07:00", to: "19:00" }' },
      'VALUE window.days[0]: must be mon, tue, wed, thu, fri, sat or sun. | Did you mean "mon"?',
    ],
    [
      'an unknown repeat',
      { repeat: 'onchange' },
      'VALUE repeat: must be onChange or never. | Did you mean "onChange"?',
    ],
    [
      'a percentage without its sign',
      { limits: '{ maxIncrease: "25" }' },
      /^VALUE limits\.maxIncrease: "25" is no percentage/,
    ],
    ['a canary of nobody', { canary: '0' }, 'VALUE canary: must be 1 or more.'],
    [
      'an unknown key',
      { expireAfter: '3d' },
      'UNKNOWN_KEY Unknown key expireAfter. | Did you mean "expiresAfter"?',
    ],
    ['no base', { people: '{ filter: "(mail=*)" }' }, 'MISSING_KEY people.base is missing.'],
    ['a filter that is none', { people: '{ base: "dc=x", filter: "(mail=*" }' }, /^VALUE people\.filter: /],
    [
      'a base that is no DN',
      { people: '{ base: corp, filter: "(mail=*)" }' },
      'VALUE people.base: this is no distinguished name.',
    ],
    ['no template', { message: '{ to: "{{ mail }}" }' }, 'MISSING_KEY message.template is missing.'],
    ['no message', { message: '' }, 'MISSING_KEY message is missing.'],
    [
      'a template outside the folder',
      { message: '{ template: ../secret }' },
      /^VALUE message\.template: a template is the name of a folder/,
    ],
    [
      'a message key',
      { message: '{ template: welcome, form: a }' },
      /^UNKNOWN_KEY Unknown key message\.form/,
    ],
    [
      'a constant with a dash',
      { vars: '{ help-desk: a }' },
      /^VALUE vars\.help-desk is no name that can stand here/,
    ],
    [
      'an unknown system',
      { provisioning: '{ system: pexpi }' },
      /^VALUE provisioning\.system: must be pexip.* Did you mean "pexip"/,
    ],
    [
      'a key of another system',
      { provisioning: '{ system: custom, uri: "https://a.example/", node: x }' },
      /^UNKNOWN_KEY Unknown key provisioning\.node/,
    ],
    [
      'an unresolved reference',
      { vars: '{ a: "${NOT_SET}" }' },
      'REFERENCE The environment variable NOT_SET is not set.',
    ],
  ])('refuses %s', async (_what, sections, expected) => {
    const found = await problems(sections);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });

  it('tells everything that is wrong at once', async () => {
    expect(
      await problems({
        repeat: 'x',
        uncertain: 'y',
        expiresAfter: 'z',
        canary: '-1',
        people: '{}',
        foo: '1',
      }),
    ).toHaveLength(7);
  });

  it('resolves references in its strings', async () => {
    const campaign = await load({ vars: '{ a: "${DESK}", b: "$${DESK}" }' }, { DESK: '4711' });
    expect(campaign.vars).toEqual({ a: '4711', b: '${DESK}' });
  });
});

describe('an alias pattern', () => {
  const provisioning = '{ system: custom, uri: "https://a.example/{{ device_alias }}" }';

  it('has its own keys over those of the campaign', async () => {
    const campaign = await load({
      provisioning,
      message: '{ template: welcome, to: "{{ mail }}", locale: de }',
      aliases: `
  - { name: own, match: { uid: a }, alias: a, message: { template: staff }, provisioning: { uri: "https://b.example/{{ uid }}" } }
  - { name: base, match: { uid: "*" }, alias: b }
  - { name: other, match: { uid: "*" }, alias: c, provisioning: { system: sametime, host: st.example } }
  - { name: none, match: { uid: "*" }, skip: true }`,
    });
    const [own, base, other, none] = campaign.patterns;
    expect(own?.message?.value).toEqual({ template: 'staff', to: '{{ mail }}', locale: 'de' });
    expect(own?.provisioning?.value).toMatchObject({ system: 'custom', uri: 'https://b.example/{{ uid }}' });
    expect(base?.message?.value.template).toBe('welcome');
    expect(base?.provisioning?.value).toMatchObject({ uri: 'https://a.example/{{ device_alias }}' });
    expect(other?.provisioning?.value.system).toBe('sametime');
    expect([none?.message, none?.provisioning, none?.provisioned]).toEqual([undefined, undefined, false]);
  });

  it('is told what is wrong with the merged section where it stands', async () => {
    const aliases =
      '\n  - { name: own, match: { uid: a }, alias: a, provisioning: { node: x }, message: { lcale: de } }';
    expect(await problems({ provisioning, aliases })).toEqual([
      'UNKNOWN_KEY Unknown key aliases[0].provisioning.node. | Known here: system, uri, schemes, preflight, caFile, resolver.',
      'UNKNOWN_KEY Unknown key aliases[0].message.lcale. | Did you mean "locale"?',
    ]);
  });

  it('does not repeat what is wrong with the section that it merges into', async () => {
    const aliases =
      '[{ name: own, match: { uid: a }, alias: a, provisioning: { uri: "https://b.example/" } }]';
    expect(await problems({ provisioning: provisioning.replace('}}" }', '}}", x: 1 }'), aliases })).toEqual([
      'UNKNOWN_KEY Unknown key provisioning.x. | Known here: system, uri, schemes, preflight, caFile, resolver.',
    ]);
  });

  it('may bring all of the message itself', async () => {
    const aliases = '[{ name: own, match: { uid: a }, alias: a, message: { template: welcome } }]';
    expect((await load({ message: '', aliases })).patterns[0]?.message?.value.template).toBe('welcome');
  });

  it('cannot hide what is wrong with the campaign’s own section', async () => {
    const aliases =
      '[{ name: own, match: { uid: a }, alias: a, message: { template: welcome, to: "{{ mail }}" } }]';
    expect(await problems({ message: '{ to: "" }', aliases })).toEqual([
      'VALUE message.to: must not be empty.',
    ]);
  });
});

describe('the campaigns of a house', () => {
  it('are the YAML files in paths.jobs', async () => {
    house = await createHouse({ 'jobs/zebra.yml': '', 'jobs/alpha.yaml': '', 'jobs/notes.txt': '' });
    const settings = await loadSettings(house.config, [], {});
    expect(await listCampaigns(settings)).toEqual(['alpha', 'main', 'zebra']);
    expect(await findCampaign(settings, 'zebra')).toBe(join(house.dir, 'jobs/zebra.yml'));
    expect(await findCampaign(settings, join(house.dir, 'x/y.yaml'))).toBe(join(house.dir, 'x/y.yaml'));
  });

  it('may be none', async () => {
    house = await createHouse({ 'config/rollcall.yaml': 'paths: { jobs: nowhere }\n' });
    const settings = await loadSettings(house.config, [], {});
    expect(await listCampaigns(settings)).toEqual([]);
    await expect(findCampaign(settings, 'main')).rejects.toMatchObject({
      code: 'ROLLCALL_ERR_UNKNOWN_CAMPAIGN',
    });
  });
});
