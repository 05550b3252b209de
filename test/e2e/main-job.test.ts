import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunDocument } from '../../src/model/run.js';
import { type MadeUpPerson, makePeople, toLdif } from '../support/people.js';
import { openWorkplace, type Workplace } from '../support/workplace.js';

const COUNT = 300;

const CAMPAIGN = `
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases:
  - { name: leavers, match: { employeeType: leaver }, skip: true }
  - name: staff
    match: { uid: "*" }
    alias: "{{ uid }}@vc.corp.example"
    username: "{{ givenName }} {{ sn|replace('\\n', ' ') }}"
    password: "{{ uid|pex_hash|pex_tail(12) }}+&%"
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
`;

let place: Workplace;
let people: MadeUpPerson[];
let first: RunDocument;
let mails: Email[];

beforeAll(async () => {
  people = makePeople(COUNT);
  place = await openWorkplace(toLdif(people));
  await place.campaign('onboarding', CAMPAIGN);
  const { code, document } = await place.runCampaign('onboarding');
  first = document;
  mails = await place.mails();
  // Whoever has no address is skipped by rule, and nobody failed.
  expect({ code, state: document.state }).toEqual({ code: 0, state: 'done' });
}, 120_000);

afterAll(async () => {
  await place.close();
});

const leavers = () => people.filter(({ employeeType }) => employeeType === 'leaver');
const staff = () => people.filter(({ employeeType }) => employeeType === 'staff');
const written = () => staff().filter(({ mail }) => mail.length > 0);

function linkOf(html: string): URLSearchParams {
  const href = /href="(https:\/\/px01\.vc\.corp\.example\/api\/client\/v2\/provision\?[^"]*)"/.exec(
    html,
  )?.[1];
  if (href === undefined) throw new Error('the mail has no link');
  const data = new URL(href.replaceAll('&amp;', '&')).searchParams.get('data');
  return new URLSearchParams(atob(data ?? ''));
}

describe('the first run', () => {
  test('accounts for everybody', () => {
    expect(first.people).toBe(COUNT);
    expect(first.outcomes).toEqual({ unchanged: 0, skipped: COUNT - written().length, conflict: 0 });
    expect(first.skipped).toEqual({
      pattern: leavers().length,
      'no-address': staff().length - written().length,
    });
    expect(first.counts.sent).toBe(written().length);
  });

  test('writes to each person once, to the bytewise lowest of several addresses', () => {
    const recipients = mails.map(({ to }) => to?.[0]?.address).sort();
    expect(recipients).toEqual(
      written()
        .map(({ mail }) => [...mail].sort()[0])
        .sort(),
    );
  });

  test('puts exactly that person into each link', () => {
    const byUid = new Map(people.map((person) => [person.uid, person]));
    for (const mail of mails) {
      const data = linkOf(mail.html ?? '');
      const uid = data.get('registrationAlias')?.split('@')[0] ?? '';
      const person = byUid.get(uid);
      expect(data.get('registrationUsername')).toBe(`${person?.givenName} ${person?.sn.replace('\n', ' ')}`);
      expect(data.get('registrationPassword')).toMatch(/^\d{12}\+&%$/);
      expect(data.get('registrationHost')).toBe('px01.vc.corp.example');
      expect(person?.mail).toContain(mail.to?.[0]?.address);
    }
  });

  test('says the same in the text part, with the link as it is', () => {
    for (const mail of mails) {
      expect(mail.text).toMatch(
        /https:\/\/px01\.vc\.corp\.example\/api\/client\/v2\/provision\?data=\S+&message=\S+/,
      );
      expect(mail.text).not.toContain('&amp;');
      expect(mail.text).not.toContain('undefined');
    }
  });

  test('marks the mails as generated, each with an id of its own', () => {
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    for (const { headers } of mails) {
      expect(headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    }
  });
});

describe('afterwards', () => {
  test('a second run writes to nobody', async () => {
    await place.forgetMails();
    const { code, document } = await place.runCampaign('onboarding');
    expect(code).toBe(0);
    expect(document.outcomes.unchanged).toBe(written().length);
    expect(document.unchanged).toEqual({ sent: written().length });
    expect(await place.mails()).toEqual([]);
  });

  test('the status shows the latest delivery of each person', async () => {
    const { code, stdout } = await place.run('status', 'onboarding', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      campaign: 'onboarding',
      paused: false,
      nextRun: null,
      counts: { sent: written().length },
      disagreements: [],
    });
  });

  test('no lock, socket or spool is left behind', async () => {
    expect(await readdir(join(place.dir, 'data', 'spool'))).toEqual([]);
  });
});
