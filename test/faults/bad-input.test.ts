import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCampaign } from '../../src/campaign/load-campaign.js';
import { loadSettings } from '../../src/campaign/load-settings.js';
import { prepareCampaign } from '../../src/campaign/prepare.js';
import { createDirectory } from '../../src/directory/directory.js';
import { systemClock as clock } from '../../src/lib/clock.js';
import { RollcallError } from '../../src/lib/errors.js';
import { fixedKeyring } from '../../src/lib/keyring.js';
import { silentLogger as log } from '../../src/lib/log.js';
import { composeMail } from '../../src/mail/compose.js';
import { textOf } from '../../src/model/lines.js';
import type { Person } from '../../src/model/person.js';
import { testLedger } from '../ledger/support.js';
import { mutate } from '../support/mutate.js';
import { makePeople, toLdif } from '../support/people.js';
import { useRedis } from '../support/redis.js';

const useServer = useRedis();
let dir: string;
let inputs: { settings: string; campaign: string; template: string; ldif: string };
const sections = ['paths', 'directory', 'smtp', 'recipients'] as const;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-bad-'));
  await mkdir(join(dir, 'config'));
  await cp('templates', join(dir, 'templates'), { recursive: true });
  await mkdir(join(dir, 'jobs'));
  inputs = {
    settings: await readFile('config/rollcall.yaml', 'utf8'),
    campaign: await readFile('jobs/pexip-onboarding.yaml', 'utf8'),
    template: await readFile('templates/pexip-onboarding/message.mjml', 'utf8'),
    ldif: toLdif(makePeople(12)),
  };
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What it was given, a coded error for it, and nothing else: no fault of ours (exit 70), nothing that is not ours. */
async function outcome<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    expect(error.exitCode, error.message).not.toBe(70);
    return undefined;
  }
}

const write = (name: string, text: string) => writeFile(join(dir, name), text);
const PLAIN = `
directory: { url: "file:people.ldif" }
smtp: { host: localhost, tls: none, from: "Video <video@corp.example>" }
recipients: { allowedDomains: [corp.example] }
`;
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** All the way from files to bytes, for one person. */
async function wholeWay(person: Person): Promise<Buffer | undefined> {
  const settings = await loadSettings(join(dir, 'config/rollcall.yaml'), [...sections], {});
  const campaign = await loadCampaign(settings, join(dir, 'jobs/main.yaml'));
  const prepared = await prepareCampaign({ campaign, settings, keyring: fixedKeyring(), clock });
  const result = prepared.assign(person);
  if (result.kind === 'skipped') return undefined;
  const rendered = await prepared.render(result.assignment);
  expect(textOf(rendered.html) + rendered.text + rendered.subject).not.toMatch(
    /\bundefined\b|\[object Object\]/,
  );
  return composeMail({
    from: settings.smtp.from,
    replyTo: undefined,
    to: result.assignment.to,
    redirectAllTo: null,
    ...rendered,
    messageId: '<a@corp.example>',
    date: 0,
  });
}

const someone = (mail = 'ada@corp.example', uid = 'ada'): Person => ({
  id: 'b1946ac9-2c9f-4b0a-9c1e-5d1f7e0a1234',
  dn: `uid=${uid},dc=corp`,
  attributes: new Map(
    Object.entries({
      uid: [uid],
      mail: [mail],
      givenname: ['Ada'],
      sn: [uid],
      cn: [uid],
      displayname: [uid],
    }),
  ),
  barred: undefined,
});

test('settings that were mangled are read or refused, with a code', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      await write('config/mangled.yaml', mutate(inputs.settings, seed));
      await outcome(() => loadSettings(join(dir, 'config/mangled.yaml'), [...sections], {}));
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('a campaign that was mangled is refused with a code, or gives whole mails', async () => {
  await write('config/rollcall.yaml', PLAIN);
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      await write(
        'jobs/main.yaml',
        mutate(inputs.campaign.replace('name: pexip-onboarding', 'name: main'), seed),
      );
      await outcome(() => wholeWay(someone()));
    }),
    { numRuns: 60, seed: 2 },
  );
});

test('a template that was mangled is refused with a code, or gives whole mails', async () => {
  await write('config/rollcall.yaml', PLAIN);
  await write('jobs/main.yaml', inputs.campaign.replace('name: pexip-onboarding', 'name: main'));
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      await write('templates/pexip-onboarding/message.mjml', mutate(inputs.template, seed));
      await outcome(() => wholeWay(someone()));
    }),
    { numRuns: 40, seed: 3 },
  );
  await write('templates/pexip-onboarding/message.mjml', inputs.template);
});

test('whatever stands in an attribute is in the mail as it was, or the person is skipped: never another header or recipient', async () => {
  await write('config/rollcall.yaml', PLAIN);
  await write('jobs/main.yaml', inputs.campaign.replace('name: pexip-onboarding', 'name: main'));
  const settings = await loadSettings(join(dir, 'config/rollcall.yaml'), [...sections], {});
  const campaign = await loadCampaign(settings, join(dir, 'jobs/main.yaml'));
  const prepared = await prepareCampaign({ campaign, settings, keyring: fixedKeyring(), clock });
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'a@corp.example\r\nBcc: eve@evil.example',
      'a@corp.example,eve@evil.example',
      '"a@evil.example"@corp.example',
      'a@corp.example>',
      'a@corp.example\u202e',
      'a@corp.example.evil.example',
      '{{ 7 * 7 }}',
    ),
  );
  await fc.assert(
    fc.asyncProperty(value, value, async (mail, uid) => {
      const result = await outcome(async () => prepared.assign(someone(mail, uid)));
      if (result?.kind !== 'assigned') return;
      expect(result.assignment.to).toMatch(/^[^\s<>,"]+@corp\.example$/);
      const rendered = await outcome(() => prepared.render(result.assignment));
      if (rendered === undefined) return;
      const bytes = composeMail({
        from: settings.smtp.from,
        replyTo: undefined,
        to: result.assignment.to,
        redirectAllTo: null,
        ...rendered,
        messageId: '<a@corp.example>',
        date: 0,
      });
      const head = bytes.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
      expect(head.match(/^(?:to|cc|bcc):/gim)).toHaveLength(1);
    }),
    { numRuns: 200, seed: 4 },
  );
});

test('LDIF that was mangled is read or refused, with a code, and gives nobody without an id', async () => {
  const settings = { url: `file:${join(dir, 'mangled.ldif')}` };
  await write('config/rollcall.yaml', PLAIN.replace('file:people.ldif', settings.url));
  const { directory } = await loadSettings(join(dir, 'config/rollcall.yaml'), ['directory'], {});
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      await write('mangled.ldif', mutate(inputs.ldif, seed));
      await outcome(async () => {
        const query = {
          base: 'dc=corp,dc=example',
          filter: '(objectClass=*)',
          id: undefined,
          attributes: [],
          includeDisabled: false,
        };
        const pages = createDirectory({ settings: directory, allowPlaintext: false, clock, log }).read({
          query,
          attributes: ['mail', 'sn'],
        });
        for await (const page of pages) for (const { id } of page) expect(id).toMatch(/\S/);
      });
    }),
    { numRuns: 200, seed: 5 },
  );
});

test('a ledger export that was mangled is refused with a code', async () => {
  const { ledger, run } = await testLedger(useServer());
  await run(['ada', 'bob']);
  const lines: string[] = [];
  for await (const line of ledger.export()) lines.push(line);
  const text = lines.join('\n');
  const copy = await testLedger(useServer());
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const mangled = mutate(text, seed);
      fc.pre(mangled.trim() !== text.trim());
      await expect(copy.ledger.import(mangled.split('\n'))).rejects.toMatchObject({
        code: expect.stringMatching(/^ROLLCALL_ERR_LEDGER_/),
      });
    }),
    { numRuns: 200, seed: 6 },
  );
  // And the whole one goes in after all of them.
  await copy.ledger.import(lines);
});
