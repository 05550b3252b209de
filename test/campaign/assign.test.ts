import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PreparedCampaign } from '../../src/campaign/prepare.js';
import { campaignText, createHouse, type House, person, prepare, settingsText } from './support.js';

let house: House;
let campaign: PreparedCampaign;

async function use(sections: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  house = await createHouse({ ...files, 'jobs/main.yaml': campaignText(sections) });
  campaign = await prepare(house);
}

const staff = {
  aliases: `
  - { name: leavers, match: { employeeType: leaver }, skip: true }
  - { name: staff, match: { mail: ["*@corp.example", "*@*", "x y"] }, alias: "{{ uid }}@vc", username: "{{ uid }}",
      password: "{{ uid|pex_hash|pex_tail(12) }}", message: { locale: "{{ preferredLanguage }}" } }
  - { name: nameless, match: { uid: "*" }, alias: "{{ uid }}", message: { to: "{{ otherMailbox }}" } }`,
};

describe('assigning', () => {
  beforeAll(() => use(staff));
  afterAll(() => house.remove());

  it('gives everything that a mail is made of', () => {
    const result = campaign.assign(
      person({ uid: 'anna', mail: 'Anna@CORP.example', givenName: ['Anna', 'Änni'], sn: 'X' }),
    );
    if (result.kind !== 'assigned') throw new Error(JSON.stringify(result));
    const { password, link, ...open } = result.assignment;
    expect(open).toEqual({
      person: '00000000-0000-4000-8000-000000000001',
      dn: 'uid=anna,dc=corp',
      pattern: 'staff',
      to: 'Anna@corp.example',
      locale: undefined,
      alias: 'anna@vc',
      username: 'anna',
      match: {},
      attributes: { givenname: ['Anna'] },
    });
    expect(password?.reveal()).toMatch(/^\d{12}$/);
    expect(JSON.parse(link.reveal())).toEqual({ uri: 'https://vc.corp.example/join?alias=anna%40vc' });
  });

  it('gives the same for the same person, whatever the order of values', () => {
    const one = person({ uid: 'anna', mail: ['b@corp.example', 'a@corp.example'] });
    const other = person({ mail: ['a@corp.example', 'b@corp.example'], uid: 'anna' });
    const [first, second] = [one, other].map((each) => campaign.assign(each));
    expect(first).toMatchObject({ assignment: { to: 'a@corp.example' } });
    if (first?.kind !== 'assigned' || second?.kind !== 'assigned') throw new Error('skipped');
    expect(campaign.revisionOf(first.assignment)).toBe(campaign.revisionOf(second.assignment));
  });

  it('stays with the address used last time, in whatever spelling', () => {
    const several = person({ uid: 'anna', mail: ['a@corp.example', 'b@CORP.example'] });
    expect(campaign.assign(several, { lastAddress: 'b@corp.example' })).toMatchObject({
      assignment: { to: 'b@corp.example' },
    });
    expect(campaign.assign(several, { lastAddress: 'gone@corp.example' })).toMatchObject({
      assignment: { to: 'a@corp.example' },
    });
  });

  it('masks the password before anything is made of it', () => {
    const anna = person({ uid: 'anna', mail: 'a@corp.example' });
    const [open, masked] = [campaign.assign(anna), campaign.assign(anna, { mask: true })];
    if (open.kind !== 'assigned' || masked.kind !== 'assigned') throw new Error('skipped');
    expect(masked.assignment.password?.reveal()).toHaveLength(12);
    expect(masked.assignment.password?.reveal()).not.toBe(open.assignment.password?.reveal());
  });

  it.each<[string, Parameters<typeof person>[0], Parameters<typeof person>[1], object]>([
    ['a disabled account', { uid: 'a', mail: 'a@corp.example' }, 'disabled', { reason: 'disabled' }],
    ['an expired account', { uid: 'a', mail: 'a@corp.example' }, 'expired', { reason: 'expired' }],
    ['nobody’s match', { cn: 'a' }, undefined, { reason: 'no-pattern' }],
    [
      'a pattern that skips',
      { uid: 'a', employeeType: 'Leaver' },
      undefined,
      { reason: 'pattern', pattern: 'leavers' },
    ],
    ['no address', { uid: 'a' }, undefined, { reason: 'no-address', pattern: 'nameless' }],
    ['an address of blanks', { uid: 'a', otherMailbox: '  ' }, undefined, { reason: 'no-address' }],
    [
      'an address that is none',
      { uid: 'a', mail: 'x y' },
      undefined,
      { reason: 'bad-address', pattern: 'staff' },
    ],
    [
      'two addresses in one',
      { uid: 'a', mail: 'a@corp.example,b@corp.example' },
      undefined,
      { reason: 'bad-address' },
    ],
    [
      'a line break in the address',
      { uid: 'a', mail: 'a@corp.example\nBcc: b@corp.example' },
      undefined,
      { reason: 'bad-address' },
    ],
    ['a foreign domain', { uid: 'a', mail: 'a@evil.example' }, undefined, { reason: 'domain-not-allowed' }],
    [
      'a lookalike of the domain',
      { uid: 'a', mail: 'a@соrp.example' },
      undefined,
      { reason: 'domain-not-allowed' },
    ],
    [
      'no uid',
      { mail: 'a@corp.example' },
      undefined,
      { reason: 'unusable', code: 'ROLLCALL_ERR_UNDEFINED_VARIABLE', pattern: 'staff' },
    ],
    [
      'a line break in the alias',
      { uid: 'a\nb', mail: 'a@corp.example' },
      undefined,
      { reason: 'unusable', code: 'ROLLCALL_ERR_UNUSABLE_VALUE' },
    ],
    [
      'a NUL in the alias',
      { uid: 'a\0b', mail: 'a@corp.example' },
      undefined,
      { reason: 'unusable', code: 'ROLLCALL_ERR_UNUSABLE_VALUE' },
    ],
    [
      'half a character in the alias',
      { uid: 'a\ud83d', mail: 'a@corp.example' },
      undefined,
      { reason: 'unusable', code: 'ROLLCALL_ERR_UNUSABLE_VALUE' },
    ],
  ])('skips %s, with the reason', (_what, attributes, barred, expected) => {
    const result = campaign.assign(person(attributes, barred));
    expect(result).toMatchObject({ kind: 'skipped', ...expected });
    // A reason of the rules is no fault; a fault has a code.
    expect('code' in result).toBe('code' in expected);
  });

  it.each([
    ['Chinese', '王小明'],
    ['Arabic', 'محمد'],
    ['combining accents', 'Jose\u0301'],
    ['markup', '<b>&amp;"\''],
    ['template language', '{{ uid }}{% if x %}'],
    ['percent and plus', '100%+&=#'],
    ['the word undefined', 'undefined'],
    ['prototype names', '__proto__'],
    ['a very long name', 'x'.repeat(300)],
  ])('takes %s for what it is', async (_what, name) => {
    const result = campaign.assign(person({ uid: name, mail: 'a@corp.example', givenName: name }));
    if (result.kind !== 'assigned') throw new Error(JSON.stringify(result));
    expect(result.assignment.alias).toBe(`${name}@vc`);
    const mail = await campaign.render(campaign.thaw(campaign.freeze(result.assignment)));
    expect(mail.text).toContain(`Hello ${name}, set up ${name}@vc`);
    const uri = campaign.link(result.assignment).uri?.reveal() ?? '';
    expect(new URL(uri).searchParams.get('alias')).toBe(`${name}@vc`);
  });

  it('freezes and thaws without loss', () => {
    const result = campaign.assign(person({ uid: 'anna', mail: 'a@corp.example', givenName: 'Anna' }));
    if (result.kind !== 'assigned') throw new Error('skipped');
    const thawed = campaign.thaw(campaign.freeze(result.assignment));
    expect(thawed).toEqual(result.assignment);
    expect(thawed.password?.reveal()).toBe(result.assignment.password?.reveal());
    expect(thawed.link.reveal()).toBe(result.assignment.link.reveal());
    expect(JSON.stringify(thawed)).not.toContain(result.assignment.password?.reveal());
  });
});

describe('an assignment', () => {
  afterEach(() => house.remove());

  it('of disabled people is made where the campaign wants them', async () => {
    await use({ ...staff, people: '{ base: "dc=corp", filter: "(mail=*)", includeDisabled: true }' });
    expect(campaign.assign(person({ uid: 'a', mail: 'a@corp.example' }, 'disabled')).kind).toBe('assigned');
  });

  it('of an empty alias is none', async () => {
    await use({ aliases: '[{ name: a, match: { mail: "*" }, alias: " {{ uid|default(\'\') }} " }]' });
    expect(campaign.assign(person({ mail: 'a@corp.example' }))).toMatchObject({
      code: 'ROLLCALL_ERR_UNUSABLE_VALUE',
      detail: 'The alias is empty.',
    });
  });

  it('names what is wrong with a password and never the password', async () => {
    await use({ aliases: '[{ name: a, match: { mail: "*" }, alias: a, password: "{{ uid }}" }]' });
    const result = campaign.assign(person({ mail: 'a@corp.example', uid: 'hunter2\n' }));
    expect(result).toMatchObject({
      reason: 'unusable',
      detail: expect.stringContaining('The password has a control character'),
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('has the groups of the address that was chosen', async () => {
    await use({
      aliases:
        '[{ name: a, match: { mail: "/^(?<local>[^@]+)@corp[.]example$/" }, alias: "{{ match.local|upper }}" }]',
    });
    const several = person({ mail: ['b@corp.example', 'a@corp.example', '0@other.example'] });
    expect(campaign.assign(several)).toMatchObject({
      assignment: { alias: 'A', match: { local: 'a' }, to: 'a@corp.example' },
    });
  });

  it('without provisioning carries the credentials themselves, so that a new password is a new revision', async () => {
    const message = {
      'templates/welcome/message.html':
        '<html lang="en"><body><p><a href="https://x.example/?{{ device_password|urlencode }}">x</a></p></body></html>',
      'templates/welcome/message.txt': 'https://x.example/{{ device_password }}',
    };
    await use(
      { provisioning: '', aliases: '[{ name: a, match: { mail: "*" }, alias: a, password: "{{ sn }}" }]' },
      message,
    );
    const [one, two] = ['x1', 'x2'].map((sn) => campaign.assign(person({ mail: 'a@corp.example', sn })));
    if (one?.kind !== 'assigned' || two?.kind !== 'assigned') throw new Error(JSON.stringify(one));
    expect(campaign.revisionOf(one.assignment)).not.toBe(campaign.revisionOf(two.assignment));
    expect(campaign.link(one.assignment).uri).toBeUndefined();
    expect((await campaign.render(one.assignment)).text).toContain('https://x.example/x1');
  });

  it('has another revision where all mail is redirected', async () => {
    await use(staff);
    const anna = person({ uid: 'anna', mail: 'a@corp.example' });
    const before = campaign.assign(anna);
    await house.write({
      'config/rollcall.yaml': settingsText.replace(
        'recipients: {',
        'recipients: { redirectAllTo: test@corp.example,',
      ),
    });
    const staging = await prepare(house);
    const after = staging.assign(anna);
    if (before.kind !== 'assigned' || after.kind !== 'assigned') throw new Error('skipped');
    expect(after.assignment.to).toBe('a@corp.example');
    expect(staging.revisionOf(after.assignment)).not.toBe(campaign.revisionOf(before.assignment));
  });

  it('stops the run only where a regular expression is at fault for good', async () => {
    await use({ aliases: '[{ name: a, match: { uid: "/^(a+)+$/" }, alias: a }]' });
    const evil = person({ uid: `${'a'.repeat(60)}!`, mail: 'a@corp.example' });
    expect(campaign.assign(evil)).toMatchObject({ reason: 'unusable', code: 'ROLLCALL_ERR_PATTERN_TIME' });
    for (let n = 0; n < 3; n++) campaign.assign(evil);
    expect(() => campaign.assign(evil)).toThrow(
      expect.objectContaining({ code: 'ROLLCALL_ERR_PATTERN_TIME' }),
    );
  });
});

describe('the attributes to ask for', () => {
  afterEach(() => house.remove());

  it('are those of patterns, strings and templates', async () => {
    await use({
      people: '{ base: "dc=corp", filter: "(mail=*)", attributes: [corpVideoGroup] }',
      aliases:
        '[{ name: a, match: { memberOf: "*" }, alias: "{{ uid }}", username: "{{ attributes[\'corpVideoGroup\']|first }}", message: { locale: "{{ preferredLanguage }}" } }]',
    });
    expect(campaign.ldapAttributes).toEqual([
      'corpvideogroup',
      'givenname',
      'mail',
      'memberof',
      'preferredlanguage',
      'uid',
    ]);
  });
});

describe('the digest', () => {
  const digest = async (
    sections: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>> = {},
  ) => {
    await use(sections, files);
    await house.remove();
    return campaign.digest;
  };

  it('changes with all that decides an assignment', async () => {
    const base = await digest({});
    expect(await digest({})).toBe(base);
    for (const sections of [
      { vars: '{ a: b }' },
      { people: '{ base: "dc=corp", filter: "(uid=*)" }' },
      { aliases: '[{ name: staff, match: { mail: "*@*" }, alias: "{{ uid }}@vc" }]' },
      { provisioning: '{ system: custom, uri: "https://vc2.corp.example/{{ device_alias|urlencode }}" }' },
      { message: '{ template: welcome, to: "{{ otherMailbox }}" }' },
    ])
      expect(await digest(sections)).not.toBe(base);
    const recipients = settingsText.replace('[corp.example,', '[corp.example, new.example,');
    expect(await digest({}, { 'config/rollcall.yaml': recipients })).not.toBe(base);
  });

  it('stays with another wording, schedule or limit', async () => {
    const base = await digest({});
    expect(
      await digest(
        { schedule: '{ cron: "0 1 * * *" }', limits: '{ maxRecipients: 1 }', expiresAfter: '1d' },
        { 'templates/welcome/subject.txt': 'Another\n' },
      ),
    ).toBe(base);
  });
});
