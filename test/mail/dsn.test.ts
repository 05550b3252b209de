import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BounceMail, parseDsn } from '../../src/mail/dsn.js';

const folder = join(import.meta.dirname, 'fixtures/dsn');
const report = async (name: string) => {
  const text = await readFile(join(folder, `${name}.eml`), 'utf8');
  return text.replace(/\n/g, '\r\n');
};
const parse = async (text: string) => parseDsn(Buffer.from(text));

const ada = { recipient: 'ada@corp.example' };

test.each<[string, object]>([
  [
    'postfix-failed',
    {
      kind: 'dsn',
      recipients: [
        {
          ...ada,
          action: 'failed',
          status: '5.1.1',
          isHard: true,
          diagnostic: '550 5.1.1 <ada@corp.example>: Recipient address rejected: User unknown',
        },
      ],
      addressedTo: [
        'bounces+d4qzl6aaaaaaaaaaaaaaaaaaaa.@TAG@@corp.example',
        'bounces@corp.example',
        'bounces+d4qzl6aaaaaaaaaaaaaaaaaaaa.@TAG@@corp.example',
      ],
      envelopeId: 'd4qzl6aaaaaaaaaaaaaaaaaaaa.@TAG@',
      messageId: '<abcdefghijklmnopqrstuvwxyz@corp.example>',
    },
  ],
  [
    'postfix-delayed',
    {
      kind: 'dsn',
      recipients: [{ ...ada, action: 'delayed', status: '4.2.2', isHard: false }],
      envelopeId: 'env-2',
      messageId: '<two@corp.example>',
    },
  ],
  [
    'postfix-relayed',
    {
      kind: 'dsn',
      recipients: [{ ...ada, action: 'relayed', status: '2.0.0', isHard: false }],
      envelopeId: undefined,
      messageId: '<three@corp.example>',
    },
  ],
  [
    'exim-failed',
    {
      kind: 'dsn',
      recipients: [{ ...ada, action: 'failed', status: '5.0.0', isHard: true }],
      messageId: '<four@corp.example>',
    },
  ],
  [
    'exchange-failed',
    {
      kind: 'dsn',
      recipients: [{ ...ada, action: 'failed', status: '5.1.10', isHard: true }],
      messageId: '<five@corp.example>',
    },
  ],
  [
    'sendmail-several',
    {
      kind: 'dsn',
      recipients: [
        { ...ada, action: 'failed', status: '5.2.2', isHard: false },
        { recipient: 'bob@corp.example', action: 'expanded' },
        { recipient: 'cy@corp.example', action: 'delivered', status: '2.1.5' },
      ],
      messageId: '<six@corp.example>',
    },
  ],
  ...(
    [
      ['failed', 'failed', '5.1.1', true, 'ada@refused.corp.example'],
      ['full', 'failed', '5.2.2', false, 'ada@full.corp.example'],
      ['given-up', 'failed', '4.7.1', false, 'ada@never.corp.example'],
      ['delayed', 'delayed', '4.7.1', false, 'ada@never.corp.example'],
      ['relayed', 'relayed', '2.0.0', false, 'ada@plain.corp.example'],
      ['expanded', 'expanded', '2.0.0', false, 'both@corp.example'],
      ['delivered', 'delivered', '2.0.0', false, 'ada@corp.example'],
    ] as const
  ).map(([name, action, status, isHard, recipient]): [string, object] => [
    `postfix-3.7-${name}`,
    {
      kind: 'dsn',
      recipients: [{ recipient, originalRecipient: recipient, action, status, isHard }],
      envelopeId: expect.stringMatching(/^postfix-3\.7-/),
      messageId: expect.stringMatching(/^<postfix-3\.7-.*@corp\.example>$/),
      date: expect.any(Number),
    },
  ]),
  ...(
    [
      ['failed', 'failed', '5.1.1', true, 'ada@refused.corp.example'],
      // "Status: 5.0.0", all three; what the other server said tells them apart
      ['full', 'failed', '5.2.2', false, 'ada@full.corp.example'],
      ['given-up', 'failed', '4.7.1', false, 'ada@never.corp.example'],
      ['delayed', 'delayed', '4.7.1', false, 'ada@never.corp.example'],
      // "Action: delivered", both
      ['relayed', 'relayed', '2.0.0', false, 'ada@plain.corp.example'],
      ['expanded', 'relayed', '2.0.0', false, 'both@corp.example'],
    ] as const
  ).map(([name, action, status, isHard, recipient]): [string, object] => [
    `exim-4.96-${name}`,
    {
      kind: 'dsn',
      recipients: [{ recipient, action, status, isHard }],
      messageId: expect.stringMatching(/^<exim-4\.96-.*@corp\.example>$/),
    },
  ]),
  ['out-of-office', { kind: 'auto-reply' }],
  ['read-receipt', { kind: 'other-report', detail: 'disposition-notification' }],
  ['abuse-report', { kind: 'other-report', detail: 'feedback-report' }],
  ['forwarded-report', { kind: 'unknown' }],
])('%s is read for what it is', async (name, expected) => {
  expect(await parse(await report(name))).toMatchObject(expected);
});

test.each<[string, (text: string) => string]>([
  ['an action that is none', (text) => text.replace('Action: failed', 'Action: faile')],
  ['a status cut short', (text) => text.replace('Status: 5.1.1', 'Status: 5.1')],
  ['a status that contradicts the action', (text) => text.replace('Status: 5.1.1', 'Status: 2.0.0')],
  ['two actions', (text) => text.replace('Action: failed', 'Action: failed\r\nAction: delivered')],
  ['no recipient', (text) => text.replace(/Final-Recipient: .*\r\n/, '')],
  [
    'a recipient of another kind',
    (text) => text.replace('Final-Recipient: rfc822;', 'Final-Recipient: x400;'),
  ],
  ['a sender', (text) => text.replace('Return-Path: <>', 'Return-Path: <eve@evil.example>')],
  ['no report-type', (text) => text.replace('report-type=delivery-status;', '')],
  ['another report-type', (text) => text.replace('report-type=delivery-status', 'report-type=x')],
  [
    'two delivery-status parts',
    (text) => text.replace('Content-Type: text/rfc822-headers', 'Content-Type: message/delivery-status'),
  ],
])('a report with %s is no bounce', async (_, change) => {
  const sound = await report('postfix-failed');
  const changed = change(sound);
  expect(changed).not.toBe(sound);
  expect((await parse(changed)).kind).not.toBe('dsn');
});

test('a report that is cut off is read as the whole, or not at all', async () => {
  const names = ['postfix-failed', 'exim-failed', 'exchange-failed', 'sendmail-several'];
  for (const name of [...names, 'exim-4.96-full', 'exim-4.96-relayed', 'postfix-3.7-delivered']) {
    const whole = await report(name);
    const expected = await parse(whole);
    for (let length = 0; length < whole.length; length += 7) {
      const cut = await parse(whole.slice(0, length));
      if (cut.kind !== 'dsn') continue;
      expect(statusesOf(cut)).toEqual(statusesOf(expected));
      const { messageId } = expected.kind === 'dsn' ? expected : {};
      expect([undefined, messageId]).toContain(cut.messageId);
    }
  }
});

const statusesOf = (mail: BounceMail) =>
  mail.kind === 'dsn' && mail.recipients.map(({ recipient, action, status }) => [recipient, action, status]);

/** A field of that name with that in its value, which may be folded. */
const fieldWith = (name: string, value: string) =>
  new RegExp(`^${name}[ \\t]*:.*(?:\\n[ \\t].*)*${value.replace(/[^\w@]/g, '\\$&')}`, 'im');

test('whatever is done to a report, nothing is read into it that does not stand there', async () => {
  const names = (await readdir(folder)).map((name) => name.replace(/\.eml$/, ''));
  const texts = await Promise.all(names.map(report));
  const edit = fc.record({
    at: fc.nat(2_000),
    length: fc.nat(40),
    put: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('\r\n', '\r\n\r\n', '--', ': ', '\0')),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.array(edit, { minLength: 1, maxLength: 5 }),
      async (text, edits) => {
        const mangled = edits.reduce(
          (now, { at, length, put }) => now.slice(0, at) + put + now.slice(at + length),
          text,
        );
        const mail = await parse(mangled);
        if (mail.kind !== 'dsn') return;
        for (const { recipient, action, status } of mail.recipients) {
          // each may have been edited; what must not happen is one that stands in no such field
          expect(mangled).toMatch(fieldWith('final-recipient', recipient));
          const actions = action === 'relayed' ? ['relayed', 'delivered'] : [action];
          expect(actions.some((said) => fieldWith('action', said).test(mangled))).toBe(true);
          expect(mangled).toMatch(fieldWith('(?:status|diagnostic-code)', status));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('bytes that are no mail, and mails that are too large, are unknown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect((await parseDsn(Buffer.from(bytes))).kind).toBe('unknown');
    }),
  );
  const large = Buffer.concat([
    Buffer.from(await report('postfix-failed')),
    Buffer.alloc(2 * 1024 * 1024, 'x'),
  ]);
  expect(await parseDsn(large)).toEqual({ kind: 'unknown', detail: 'larger than 2097152 bytes' });
});
