import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../src/lib/deadline.js';
import { startDovecot } from '../support/dovecot.js';
import { type FaultSmtp, startFaultSmtp } from '../support/fault-smtp.js';
import { type MadeUpPerson, makePeople, toLdif } from '../support/people.js';
import { type Postfix, startPostfix } from '../support/postfix.js';
import { openWorkplace, type Workplace } from '../support/workplace.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** One person for each thing that can become of a mail, with what the ledger says at the end. */
const ENDS = {
  'good@good.corp.example': 'sent',
  'refused@refused.corp.example': 'bounced',
  'full@full.corp.example': 'bounced',
  'never@never.corp.example': 'bounced',
  'plain@plain.corp.example': 'sent',
  'gone@plain.corp.example': 'bounced',
  'local@corp.example': 'delivered',
  'nobody@corp.example': 'failed',
} as const;

const CAMPAIGN = `
people: { base: "ou=people,dc=corp,dc=example", filter: "(objectClass=inetOrgPerson)" }
vars: { helpdesk: "+44 20 7946 0000" }
aliases:
  - { name: staff, match: { uid: "*" }, alias: "{{ uid }}@vc.corp.example", username: "{{ uid }}", password: "Pa55-{{ uid|pex_hash|pex_tail(8) }}" }
provisioning: { system: pexip, node: px01.vc.corp.example, message: Provision your app }
message: { template: pexip-onboarding }
`;

let dir: string;
let place: Workplace;
let postfix: Postfix;
let dovecot: Awaited<ReturnType<typeof startDovecot>>;
const hops: FaultSmtp[] = [];

/** A server that answers one command for one person (or for all) in its own way. */
async function hop(stage?: 'rcpt' | 'dot', text = '', to = '', extensions?: string[]): Promise<number> {
  const server = await startFaultSmtp({
    plan: (moment) =>
      moment.stage === stage && moment.to.startsWith(to) ? { do: 'reply', text } : undefined,
    ...(extensions && { extensions }),
  });
  hops.push(server);
  return server.port;
}

const filesIn = async (folder: string) => {
  const names = await readdir(join(dovecot.maildir, folder)).catch(() => []);
  return names.map((name) => join(dovecot.maildir, folder, name));
};
const arrived = async () => [...(await filesIn('new')), ...(await filesIn('cur'))];

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await place.run(...args, '--json');
  if (code !== 0) throw new Error(`exit ${code}: ${stdout} ${stderr}`);
  return JSON.parse(stdout);
}

/** What the report says of each address: `status`, or the server's words. */
async function ends(what: 'status' | 'reply' = 'status'): Promise<Record<string, string>> {
  const { stdout } = await place.run('report', 'onboarding', '--format', 'json', '--out', '-');
  const { people } = JSON.parse(stdout) as {
    people: { delivery: { address: string; status: string; reply: string } }[];
  };
  return Object.fromEntries(people.map(({ delivery }) => [delivery.address, delivery[what]]));
}

/** One message through a pipe, as an MTA would call it. */
const pipe = (file: string, config: string) =>
  new Promise<number | string | null | undefined>((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'bounces', '-', '--config', config], (error) =>
      resolve(error ? error.code : 0),
    );
    void readFile(file).then((raw) => child.stdin?.end(raw));
  });

// Postfix and Dovecot can be started by root alone
describe.skipIf(process.getuid?.() !== 0)('with a real Postfix and a real Dovecot', () => {
  beforeAll(async () => {
    const addresses = Object.keys(ENDS);
    const people = makePeople(addresses.length).map(
      (person, at): MadeUpPerson => ({ ...person, employeeType: 'staff', mail: [addresses[at] ?? ''] }),
    );
    dir = await mkdtemp(join(tmpdir(), 'rollcall-postfix-'));
    place = await openWorkplace(toLdif(people));
    dovecot = await startDovecot(dir, { user: 'bounces', password: 's3cret-word' });
    await mkdir(join(dir, 'postfix'));
    postfix = await startPostfix({
      dir: join(dir, 'postfix'),
      local: 'corp.example',
      bounces: dovecot.maildir,
      refused: { 'nobody@corp.example': '550 5.1.1 Nobody of that name' },
      nextHops: {
        'good.corp.example': await hop(),
        'refused.corp.example': await hop('rcpt', '550 5.1.1 User unknown'),
        'full.corp.example': await hop('dot', '552 5.2.2 Mailbox full'),
        'never.corp.example': await hop('rcpt', '451 4.7.1 Try again later'),
        'plain.corp.example': await hop('rcpt', '550 No such user', 'gone@', ['PIPELINING', '8BITMIME']),
      },
    });
    await place.campaign('onboarding', CAMPAIGN);
    await place.settings({
      smtp: `{ host: 127.0.0.1, port: ${postfix.port}, tls: none, from: "Video Team <video@corp.example>", bounceAddress: bounces@corp.example, dsn: { success: true } }`,
      recipients: '{ allowedDomains: [corp.example, "*.corp.example"] }',
      bounces: `{ imap: { host: 127.0.0.1, port: ${dovecot.port}, tls: none, user: bounces, password: s3cret-word, timeout: 20s } }`,
    });
  }, 60_000);

  afterAll(async () => {
    await postfix?.stop();
    await dovecot?.stop();
    for (const server of hops) await server.stop();
    await place?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  test('every message ends as what became of it, and no bounce holds a link or a password', async () => {
    const { code, document } = await place.runCampaign('onboarding');
    expect(code).toBe(1);
    expect(document.counts).toMatchObject({ sent: 7, failed: 1 });

    // refused, full, gone; delayed and given up; relayed to where no reports are made; delivered
    await waitFor(async () => (await arrived()).length >= 7, { ms: 40_000, what: 'all reports' });
    const raw = await Promise.all((await arrived()).map((file) => readFile(file, 'utf8')));
    for (const report of raw) {
      expect(report).not.toMatch(/Pa55|provision|px01|^Content-Type: message\/rfc822|text\/html/m);
    }

    expect(await json('bounces', dovecot.maildir)).toEqual({
      read: 7,
      applied: 5,
      noted: 2,
      known: 0,
      ignored: 0,
      suppressed: 2,
      held: 0,
      aside: { autoReply: 0, otherReport: 0, unreadable: 0, notOurs: 0, forged: 0 },
    });
    expect(await arrived()).toEqual([]);
    expect(await ends()).toEqual(ENDS);
    expect(await ends('reply')).toMatchObject({
      'full@full.corp.example': expect.stringMatching(/^DSN failed 5\.2\.2 .*Mailbox full/),
      'nobody@corp.example': expect.stringContaining('Nobody of that name'),
      'good@good.corp.example': expect.stringMatching(/^250 /),
    });
    const { suppressions } = (await json('suppress', 'list')) as {
      suppressions: { address: string; reason: string }[];
    };
    expect(suppressions.map(({ address }) => address).sort()).toEqual([
      'gone@plain.corp.example',
      'refused@refused.corp.example',
    ]);
    expect(suppressions.map(({ reason }) => reason).join()).toContain('User unknown');
    const why = await json('why', 'onboarding', 'nobody@corp.example');
    expect(why).toMatchObject({ suppressed: false, next: expect.stringContaining('suppress add') });
  }, 120_000);

  test('reading the same reports again, from a folder or a pipe, changes nothing', async () => {
    const folder = join(dir, 'again');
    await mkdir(folder);
    for (const [at, file] of (await filesIn('rollcall-processed')).entries())
      await copyFile(file, join(folder, `${at}.eml`));
    expect(await json('bounces', folder)).toMatchObject({ read: 7, known: 7, applied: 0, suppressed: 0 });
    expect(await readdir(folder)).toHaveLength(7);
    expect(await pipe(join(folder, '0.eml'), join(place.dir, 'rollcall.yaml'))).toBe(0);
    expect(await pipe(join(folder, '0.eml'), join(place.dir, 'none.yaml'))).toBe(75);
    expect(await ends()).toEqual(ENDS);
  }, 60_000);

  test('with "start" a bounce is taken from the mailbox as soon as it arrives', async () => {
    await json('suppress', 'remove', 'refused@refused.corp.example');
    const service = place.start('start');
    try {
      await waitFor(async () => service.log().includes('"started"'), { ms: 20_000, what: 'start' });
      const resend = [
        'resend',
        'onboarding',
        '--person',
        'refused@refused.corp.example',
        '--reason',
        'asked',
        '--yes',
      ];
      expect((await place.run(...resend)).code).toBe(0);
      await waitFor(async () => service.log().includes('bounces were read'), {
        ms: 30_000,
        what: 'the bounce',
      });
      await waitFor(async () => (await filesIn('.Rollcall-Processed/new')).length === 1, {
        ms: 10_000,
        what: 'the bounce to be moved',
      });
    } finally {
      service.kill('SIGTERM');
    }
    expect((await service.finished).code).toBe(0);
    expect(await ends()).toEqual(ENDS);
    expect(((await json('suppress', 'list')) as { suppressions: unknown[] }).suppressions).toHaveLength(2);
    expect(await json('bounces')).toMatchObject({ read: 0 });
  }, 90_000);
});
