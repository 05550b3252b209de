import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePeople, toLdif } from '../support/people.js';
import { openWorkplace, type Workplace } from '../support/workplace.js';

const people = makePeople(40);
const staff = people.filter(({ employeeType }) => employeeType === 'staff');
const written = staff.filter(({ mail }) => mail.length > 0);

/** Two people get one alias: the first two of the staff. */
const CAMPAIGN = `
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases:
  - { name: leavers, match: { employeeType: leaver }, skip: true }
  - { name: twins, match: { uid: [p000000, p000001] }, alias: twin@vc.corp.example, password: "+{{ uid|pex_hash }}" }
  - { name: staff, match: { uid: "*" }, alias: "{{ uid }}@vc.corp.example", username: "{{ uid }}", password: "+{{ uid|pex_hash }}" }
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
`;

let place: Workplace;
const file = (name: string) => join(place.dir, name);
const text = (name: string) => readFile(file(name), 'utf8');
const permissions = async (name: string) => (await stat(file(name))).mode & 0o777;

beforeAll(async () => {
  place = await openWorkplace(toLdif(people));
  await place.campaign('onboarding', CAMPAIGN);
  const { code, document } = await place.runCampaign('onboarding');
  expect([code, document.counts.sent, document.outcomes.conflict]).toEqual([1, written.length - 2, 2]);
}, 120_000);

afterAll(() => place.close());

describe('a report', () => {
  test('has everybody once: who was written to, and who got nothing and why', async () => {
    await writeFile(file('report.json'), 'an earlier one', { mode: 0o644 });
    const { code, stdout } = await place.run(
      ...['report', 'onboarding', '--format', 'json', '--out', file('report.json'), '--json'],
    );
    expect([code, JSON.parse(stdout).people]).toEqual([0, people.length]);
    expect(await permissions('report.json')).toBe(0o600);
    const report = JSON.parse(await text('report.json'));
    expect(report).toMatchObject({ scope: 'latest', conflict: 2, counts: { sent: written.length - 2 } });
    expect(report.people.map(({ person }: { person: string }) => person).sort()).toEqual(
      people.map(({ id }) => id).sort(),
    );
    expect(await readdir(place.dir)).not.toContainEqual(expect.stringContaining('.part'));
  });

  test('of one run goes to stdout, too, and holds no link', async () => {
    const { run } = JSON.parse((await place.run('status', 'onboarding', '--json')).stdout).lastRun;
    const { code, stdout } = await place.run(
      ...['report', 'onboarding', '--run', run, '--format', 'csv', '--out', '-'],
    );
    expect([code, stdout.trimEnd().split('\r\n').length]).toEqual([0, people.length + 1]);
    expect(stdout).not.toContain('provision?');
    const unknown = await place.run('report', 'onboarding', '--format', 'hmtl', '--out', '-');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean "html"?')]);
  });
});

describe('an export for the system', () => {
  test('has what the mails say, and leaves out whoever is in conflict', async () => {
    const { code, stdout } = await place.run(
      ...['export', 'onboarding', '--format', 'pexip-devices', '--out', file('devices.csv'), '--json'],
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      people: written.length - 2,
      conflicts: [{ alias: 'twin@vc.corp.example', people: [expect.any(String), expect.any(String)] }],
    });
    expect(await permissions('devices.csv')).toBe(0o600);
    const [head, ...lines] = (await text('devices.csv')).trimEnd().split('\r\n');
    expect(head).toBe('alias,tag,description,username,password,primary_owner_email_address');
    const mails = new Map((await place.mails()).map((mail) => [mail.to?.[0]?.address, mail.html ?? '']));
    expect(lines.length).toBe(mails.size);
    for (const line of lines) {
      const password = /\+\d{20,}/.exec(line)?.[0] ?? 'none';
      const html = mails.get(line.slice(line.lastIndexOf(',') + 1)) ?? '';
      const data = /[?&;]data=([^&"]+)/.exec(html)?.[1] ?? '';
      const link = new URLSearchParams(atob(decodeURIComponent(data)));
      expect(link.get('registrationPassword')).toBe(password);
      expect(line.startsWith(`${link.get('registrationAlias')},onboarding,`)).toBe(true);
    }
  });

  test('is refused for another system, with nothing written', async () => {
    const { code, stderr } = await place.run(
      ...['export', 'onboarding', '--format', 'stproxyconfig', '--out', file('none.xml')],
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('ROLLCALL_ERR_EXPORT')]);
    expect(await readdir(place.dir)).not.toContain('none.xml');
  });
});

describe('the ledger, moved', () => {
  /** The same settings with data elsewhere: another Redis, with or without the key. */
  const moveTo = async (name: string, { withKey }: { withKey: boolean }) => {
    await mkdir(file(name), { mode: 0o700 });
    if (withKey) await copyFile(file('data/rollcall.key'), join(file(name), 'rollcall.key'));
    const templates = join(import.meta.dirname, '../../templates');
    await place.settings({
      paths: `{ jobs: jobs, templates: ${templates}, data: ${name} }`,
      keys: `{ file: ${name}/rollcall.key }`,
    });
  };

  test('is refused where it was cut short or changed, or comes with another key', async () => {
    expect((await place.run('ledger', 'export', file('ledger.ndjson'))).code).toBe(0);
    expect(await permissions('ledger.ndjson')).toBe(0o600);
    const whole = await text('ledger.ndjson');
    await writeFile(file('short.ndjson'), whole.slice(0, whole.length / 2));
    await writeFile(file('changed.ndjson'), whole.replace('@corp.example', '@c0rp.example'));

    await moveTo('other', { withKey: false });
    await place.run('key', 'create');
    const stranger = await place.run('ledger', 'import', file('ledger.ndjson'));
    expect([stranger.code === 0, stranger.stderr]).toEqual([
      false,
      expect.stringContaining('ROLLCALL_ERR_LEDGER_KEY'),
    ]);

    await moveTo('moved', { withKey: true });
    for (const name of ['short.ndjson', 'changed.ndjson']) {
      const { code, stderr } = await place.run('ledger', 'import', file(name));
      expect([code === 0, stderr]).toEqual([false, expect.stringContaining('ROLLCALL_ERR_LEDGER_IMPORT')]);
    }
    // What came of it is no ledger yet: nobody may plan on it.
    expect((await place.run('status', '--json')).code).not.toBe(0);
  });

  test('goes on where it stopped: the next run writes to nobody', async () => {
    for (const _ of ['first', 'again']) {
      const { code, stderr } = await place.run('ledger', 'import', file('ledger.ndjson'));
      expect([code, stderr]).toEqual([0, '']);
    }
    await place.forgetMails();
    const { document } = await place.runCampaign('onboarding');
    expect(document.unchanged).toEqual({ sent: written.length - 2 });
    expect(await place.mails()).toEqual([]);
  });

  test('forgets a person by address: who is read again is new', async () => {
    const [, , person] = written;
    if (person === undefined) throw new Error('nobody was written to');
    const address = [...person.mail].sort()[0] ?? '';
    const { code, stdout } = await place.run('ledger', 'forget', address, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { person: person.id, deliveries: 1 }]);
    const { document } = await place.runCampaign('onboarding');
    expect(document.counts.sent).toBe(1);
    expect((await place.mails()).map(({ to }) => to?.[0]?.address)).toEqual([address]);
  });
});
