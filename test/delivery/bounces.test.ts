import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type BounceContext, readBounces, takeBounce } from '../../src/delivery/bounces.js';
import { systemClock } from '../../src/lib/clock.js';
import { fixedKeyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import type { FoundMessage } from '../../src/mail/maildir.js';
import { deliveryMessageId } from '../../src/mail/message-id.js';
import { bounceToken, envelopeSender } from '../../src/mail/verp.js';
import { LEASE, NO_REPLY, REPLY, type TestLedger, testLedger } from '../ledger/support.js';
import { smtpSettings } from '../mail/relay-fixtures.js';
import { useRedis } from '../support/redis.js';

const redis = useRedis();
const keyring = fixedKeyring();
const smtp = smtpSettings(25, { bounceAddress: 'bounces@corp.example' });
const folder = join(import.meta.dirname, '../mail/fixtures/dsn');

let on: TestLedger;
let held: string[];
let context: BounceContext;

beforeEach(async () => {
  on = await testLedger(redis());
  held = [];
  context = {
    ledger: on.ledger,
    keyring,
    smtp,
    bounces: { maxSuppressionsPerDay: 50 },
    clock: systemClock,
    log: silentLogger,
    onLimit: async (day) => {
      held.push(day);
    },
  };
});

async function sent(person: string, status: 'sent' | 'uncertain' = 'sent'): Promise<string> {
  const delivery = await on.one(person);
  await on.ledger.claim(delivery, { token: 't', leaseMs: LEASE });
  await on.ledger.beginBody(delivery, 't');
  await on.ledger.record(delivery, 't', { status, reply: status === 'sent' ? REPLY : NO_REPLY });
  return delivery;
}

/** Which of the three names of the delivery a report has kept. */
interface Kept {
  readonly verp?: string;
  readonly envelopeId?: string;
  readonly messageId?: string;
}

/** A report that a real Postfix made, as if about a delivery of ours. */
async function report(name: string, { verp, envelopeId, messageId }: Kept, to = 'ada@corp.example') {
  const text = await readFile(join(folder, `postfix-3.7-${name}.eml`), 'utf8');
  const own = /Original-Envelope-Id: (\S+)/.exec(text)?.[1] ?? '';
  const about = /^Original-Recipient: rfc822;(\S+)$/m.exec(text)?.[1] ?? '';
  return Buffer.from(
    text
      .replaceAll(`<${own}@corp.example>`, messageId ?? '<other@elsewhere.example>')
      .replaceAll(`bounces+${own}@corp.example`, verp ?? 'bounces@corp.example')
      .replaceAll(own, envelopeId ?? 'other')
      .replaceAll(about, to),
  );
}

const allOf = (delivery: string) => ({
  verp: envelopeSender(smtp, bounceToken(keyring, delivery)),
  envelopeId: bounceToken(keyring, delivery),
  messageId: deliveryMessageId(bounceToken(keyring, delivery), 'corp.example'),
});
const statusOf = async (delivery: string) => (await on.ledger.delivery(delivery))?.status;

describe('a report is matched', () => {
  test.each(['verp', 'envelopeId', 'messageId'] as const)('by its %s alone', async (kept) => {
    const delivery = await sent('ada');
    const raw = await report('failed', { [kept]: allOf(delivery)[kept] });
    expect(await takeBounce(context, raw)).toEqual({ taken: 'applied', suppression: 'new' });
    expect(await statusOf(delivery)).toBe('bounced');
  });

  test('never by the address alone', async () => {
    const delivery = await sent('ada');
    expect(await takeBounce(context, await report('failed', {}))).toMatchObject({ why: 'notOurs' });
    expect(await statusOf(delivery)).toBe('sent');
  });

  test.each(['verp', 'envelopeId', 'messageId'] as const)(
    'not where the tag in its %s is forged',
    async (kept) => {
      const delivery = await sent('ada');
      const tag = keyring.verpTag(delivery);
      const forged = allOf(delivery)[kept].replace(
        tag,
        tag.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
      );
      const alone = await takeBounce(context, await report('failed', { [kept]: forged }));
      expect(alone).toMatchObject({ taken: 'aside', why: 'forged' });
      const amongGood = await takeBounce(
        context,
        await report('failed', { ...allOf(delivery), [kept]: forged }),
      );
      expect(amongGood).toMatchObject({ taken: 'aside', why: 'forged' });
      expect(await statusOf(delivery)).toBe('sent');
      expect(await on.ledger.suppressed()).toEqual(new Set());
    },
  );

  test('not where it names two deliveries, each rightly signed', async () => {
    const [ada, bob] = [await sent('ada'), await sent('bob')];
    const mixed = await report('failed', { ...allOf(ada), envelopeId: bounceToken(keyring, bob) });
    expect(await takeBounce(context, mixed)).toMatchObject({ why: 'forged' });
  });

  test('not where the ledger has forgotten the person', async () => {
    const delivery = await sent('ada');
    await on.ledger.forget('ada');
    expect(await takeBounce(context, await report('failed', allOf(delivery)))).toMatchObject({
      why: 'notOurs',
    });
  });
});

test.each([
  ['failed', 'sent', 'applied', 'bounced', 'new'],
  ['full', 'sent', 'applied', 'bounced', 'none'],
  ['given-up', 'sent', 'applied', 'bounced', 'none'],
  ['delayed', 'sent', 'noted', 'sent', 'none'],
  ['relayed', 'sent', 'noted', 'sent', 'none'],
  ['expanded', 'sent', 'noted', 'sent', 'none'],
  ['delivered', 'sent', 'applied', 'delivered', 'none'],
  ['failed', 'uncertain', 'applied', 'bounced', 'new'],
  ['delayed', 'uncertain', 'applied', 'sent', 'none'],
  ['relayed', 'uncertain', 'applied', 'sent', 'none'],
  ['expanded', 'uncertain', 'applied', 'sent', 'none'],
  ['delivered', 'uncertain', 'applied', 'delivered', 'none'],
] as const)(
  '"%s" about a delivery that is %s: %s, then %s; suppression: %s',
  async (name, before, taken, after, suppression) => {
    const delivery = await sent('ada', before);
    const raw = await report(name, allOf(delivery));
    expect(await takeBounce(context, raw)).toEqual({ taken, suppression });
    expect(await statusOf(delivery)).toBe(after);
    const history = await on.ledger.history(delivery);
    expect(await takeBounce(context, raw)).toEqual({ taken: 'known', suppression: 'none' });
    expect(await on.ledger.history(delivery)).toEqual(history);
  },
);

test('the suppression says why and since when, and ends when it is lifted, though the report is read again', async () => {
  const delivery = await sent('ada');
  const raw = await report('failed', allOf(delivery));
  await takeBounce(context, raw);
  const all = [];
  for await (const page of on.ledger.suppressions()) all.push(...page);
  expect(all).toEqual([
    {
      address: 'ada@corp.example',
      reason: expect.stringMatching(/^bounced: 5\.1\.1 .*User unknown/),
      since: expect.any(Number),
      by: 'rollcall',
    },
  ]);
  expect(await on.ledger.unsuppress('ada@corp.example')).toBe(true);
  await takeBounce(context, raw);
  expect(await on.ledger.suppressed()).toEqual(new Set());
});

test('what bounced at another address than the one written to suppresses nobody', async () => {
  const delivery = await sent('ada');
  const raw = await report('failed', allOf(delivery), 'staging@corp.example');
  expect(await takeBounce(context, raw)).toEqual({ taken: 'applied', suppression: 'none' });
});

test('over the limit of a day nobody is suppressed any more, and somebody is told', async () => {
  context = { ...context, bounces: { maxSuppressionsPerDay: 1 } };
  for (const person of ['ada', 'bob', 'cy']) {
    const delivery = await sent(person);
    await takeBounce(context, await report('failed', allOf(delivery), `${person}@corp.example`));
    expect(await statusOf(delivery)).toBe('bounced');
  }
  expect(await on.ledger.suppressed()).toEqual(new Set(['ada@corp.example']));
  expect(held).toHaveLength(2);
});

test('everything is counted, and sorted into what was dealt with and what is kept for a human', async () => {
  const delivery = await sent('ada');
  const tag = keyring.verpTag(delivery);
  const own = await report('failed', allOf(delivery));
  const fixture = (name: string) => readFile(join(folder, `${name}.eml`));
  const messages: [name: string, raw: Buffer][] = [
    ['bounce', own],
    ['again', own],
    ['out of office', await fixture('out-of-office')],
    ['read receipt', await fixture('read-receipt')],
    ['of another sender', await fixture('exim-failed')],
    ['forged', Buffer.from(own.toString().replaceAll(tag, 'a'.repeat(16)))],
    ['cut off', own.subarray(0, own.length / 2)],
    ['newsletter', Buffer.from('From: x@corp.example\r\nSubject: Buy!\r\n\r\nNow.\r\n')],
  ];
  const moved: Record<string, string[]> = { processed: [], aside: [] };
  const found = async function* (): AsyncGenerator<FoundMessage> {
    for (const [name, raw] of messages)
      yield {
        name,
        raw,
        processed: async () => void moved['processed']?.push(name),
        aside: async () => void moved['aside']?.push(name),
      };
  };
  expect(await readBounces(context, found())).toEqual({
    read: 8,
    applied: 1,
    noted: 0,
    known: 1,
    ignored: 0,
    suppressed: 1,
    held: 0,
    aside: { autoReply: 1, otherReport: 1, notOurs: 1, forged: 1, unreadable: 2 },
  });
  expect(moved['processed']).toEqual(['bounce', 'again']);
  expect(moved['aside']).toHaveLength(6);
});
