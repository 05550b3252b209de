import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { classify, parseReply, replyTable, type SendResult, statedWait } from '../../src/mail/replies.js';
import { nextRetry } from '../../src/mail/retry.js';
import { scrub } from '../../src/mail/scrub.js';

const answer = (phase: SendResult['phase'], command: SendResult['command'], text: string): SendResult => ({
  phase,
  command,
  reply: parseReply(text),
  fault: undefined,
});
const silence = (phase: SendResult['phase'], fault: SendResult['fault']): SendResult => ({
  phase,
  command: phase === 'nothing' ? 'MAIL' : 'message',
  reply: { code: 0, enhanced: undefined, text: '' },
  fault,
});

/** At least one case for each row of the table: its name, what happened, what it means. */
const cases: [string, SendResult, string][] = [
  ['withdrawn', silence('nothing', 'withdrawn'), 'withdrawn'],
  ['withdrawn', silence('nothing', 'aborted'), 'withdrawn'],
  ['unreachable', silence('nothing', 'unreachable'), 'relay-down'],
  ['no-smtputf8', silence('nothing', 'no-smtputf8'), 'failed'],
  ['too-big', silence('nothing', 'too-big'), 'failed'],
  ['silence-after-dot', silence('dot', 'lost'), 'uncertain'],
  ['silence-after-dot', silence('dot', 'timeout'), 'uncertain'],
  ['lost-before-dot', silence('nothing', 'lost'), 'deferred'],
  ['lost-before-dot', silence('nothing', 'timeout'), 'deferred'],
  ['lost-before-dot', silence('body', 'lost'), 'deferred'],
  ['accepted', answer('answered', 'message', '250 2.0.0 Ok: queued as 4ZkQ'), 'sent'],
  ['accepted', answer('answered', 'message', '251 forwarded'), 'sent'],
  ['closing', answer('nothing', 'MAIL', '421 4.7.0 Too many connections'), 'relay-down'],
  ['closing', answer('nothing', 'RCPT', '421 4.3.2 Shutting down'), 'relay-down'],
  ['login-wanted', answer('nothing', 'MAIL', '530 5.7.0 Authentication required'), 'relay-down'],
  ['login-wanted', answer('nothing', 'RCPT', '530 5.7.1 Log in first'), 'relay-down'],
  ['not-accepting', answer('nothing', 'RCPT', '451 4.3.2 Not accepting messages'), 'relay-down'],
  ['message-too-big', answer('nothing', 'MAIL', '552 5.3.4 Too big'), 'failed'],
  ['message-too-big', answer('answered', 'message', '552 Message size exceeds fixed limit'), 'failed'],
  ['too-big-for-system', answer('answered', 'message', '554 5.3.4 Too big'), 'failed'],
  [
    'sender-refused',
    answer('nothing', 'MAIL', '553 5.1.8 Sender address rejected: Domain not found'),
    'relay-down',
  ],
  [
    'sender-refused',
    answer('nothing', 'MAIL', '550 5.7.60 Client not allowed to send as this sender'),
    'relay-down',
  ],
  ['out-of-step', answer('nothing', 'RCPT', '503 5.5.1 Bad sequence'), 'deferred'],
  ['not-now', answer('nothing', 'MAIL', '452 4.3.1 Insufficient storage'), 'deferred'],
  ['not-now', answer('nothing', 'RCPT', '450 4.2.0 Greylisted'), 'deferred'],
  ['not-now', answer('nothing', 'DATA', '451 4.3.0 Local error'), 'deferred'],
  ['not-now', answer('answered', 'message', '421 4.3.2 Shutting down'), 'deferred'],
  ['not-now', answer('answered', 'message', '451 4.7.1 Try again'), 'deferred'],
  ['not-now', answer('body', 'message', '452 4.3.1 Disk full'), 'deferred'],
  ['refused', answer('nothing', 'RCPT', '550 5.1.1 No such user'), 'failed'],
  ['refused', answer('nothing', 'RCPT', '552 5.2.2 Mailbox full'), 'failed'],
  ['refused', answer('nothing', 'DATA', '554 5.5.1 No valid recipients'), 'failed'],
  ['refused', answer('answered', 'message', '554 5.7.1 Spam'), 'failed'],
  ['nonsense-after-dot', answer('answered', 'message', '354 what?'), 'uncertain'],
  ['nonsense', answer('body', 'message', '250 but there is more'), 'deferred'],
  ['nonsense', answer('nothing', 'RCPT', '299 hm'), 'deferred'],
];

test.each(cases)('%s: %o means %s', (name, result, status) => {
  const row = replyTable.find(({ when }) => when(result, result.reply.code, result.reply.enhanced ?? ''));
  expect(row?.name).toBe(name);
  expect(classify(result).status).toBe(status);
});

test('each row of the table has a case here and a line in the documentation', async () => {
  const page = await readFile(new URL('../../docs/reference/smtp-replies.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `([a-z0-9-]+)` \|.*\| `([a-z-]+)` \|/gm)].map(
    ([, name, status]) => [name, status],
  );
  expect(documented).toEqual(replyTable.map(({ name, status }) => [name, status]));
  expect(new Set(cases.map(([name]) => name))).toEqual(new Set(replyTable.map(({ name }) => name)));
});

test('a 2xx is sent only after the dot, and silence after the dot is never sent again by itself', () => {
  const phases = fc.constantFrom('nothing', 'body', 'dot', 'answered') as fc.Arbitrary<SendResult['phase']>; // literals
  const commands = fc.constantFrom('MAIL', 'RCPT', 'DATA', 'message') as fc.Arbitrary<SendResult['command']>; // literals
  fc.assert(
    fc.property(phases, commands, fc.integer({ min: 0, max: 999 }), (phase, command, code) => {
      const fault = code === 0 ? 'lost' : undefined;
      const { status } = classify({ phase, command, reply: { code, enhanced: undefined, text: '' }, fault });
      if (status === 'sent') expect([phase, Math.floor(code / 100)]).toEqual(['answered', 2]);
      if (phase === 'dot') expect(['uncertain', 'failed', 'deferred']).toContain(status);
      if (phase === 'dot' && code === 0) expect(status).toBe('uncertain');
      if (status === 'uncertain') expect(['dot', 'answered']).toContain(phase);
    }),
  );
});

test.each([
  ['550 5.1.1 No such user', true],
  ['550 5.1.10 Recipient not found', true],
  ['551 5.1.6 Moved', true],
  ['550 5.2.1 Mailbox disabled', false],
  ['550 5.7.1 Policy', false],
  ['550 No', false],
])('%j suggests suppression: %s', (text, expected) => {
  expect(classify(answer('nothing', 'RCPT', text))).toMatchObject({ suggestsSuppression: expected });
});

test('replies are read with their enhanced status, over several lines', () => {
  expect(parseReply('550-5.1.1 The account\n550-5.1.1 does not\n550 5.1.1 exist')).toEqual({
    code: 550,
    enhanced: '5.1.1',
    text: 'The account does not exist',
  });
  expect(parseReply('250 2.0.0')).toEqual({ code: 250, enhanced: '2.0.0', text: '' });
  expect(parseReply('450')).toEqual({ code: 450, enhanced: undefined, text: '' });
  expect(parseReply('no reply at all')).toMatchObject({ code: 0 });
});

test.each([
  ['Greylisted, please try again in 300 seconds', 300_000],
  ['Greylisting in action, please come back in 00:04:36', 276_000],
  ['Try again later, in 5 minutes', 300_000],
  ['retry after 2 hours please', 7_200_000],
  ['Throttled; retry in 90s', 90_000],
  ['please wait 10 min', 600_000],
  ['try again in 0 seconds', undefined],
  ['try again in 1 second', 5_000],
  ['try again in 900000 hours', 21_600_000],
  ['Try again later', undefined],
  ['mailbox 300 seconds', undefined],
])('%j states a wait of %s ms', (text, expected) => {
  expect(statedWait(text)).toBe(expected);
});

test('waits grow along the list, repeat its last, and are never shorter than asked for', () => {
  const list = [60_000, 300_000, 3_600_000];
  const waits = [1, 2, 3, 4, 99].map((attempt) => nextRetry(attempt, list, undefined, () => 0));
  expect(waits).toEqual([60_000, 300_000, 3_600_000, 3_600_000, 3_600_000]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const wait = nextRetry(attempt, list, undefined, () => random);
        const asked = list[Math.min(attempt, 3) - 1] ?? 0;
        expect(wait).toBeGreaterThanOrEqual(asked);
        expect(wait).toBeLessThanOrEqual(asked * 1.2);
      },
    ),
  );
  expect(nextRetry(1, list, 5_000, () => 0)).toBe(5_000);
});

test('what a server quotes of secrets is gone, in whatever form', () => {
  const password = new Secret('p@ss word/1');
  const uri = new Secret('pexip-provision://settings/?data=bmFtZT1hZGEmcGFzc3dvcmQ9eA==');
  const said =
    'Rejected: p@ss word/1 and p%40ss%20word%2F1 and cEBzcyB3b3JkLzE= in ' +
    'pexip-provision://settings/?data=bmFtZT1hZGEmcGFzc3dvcmQ9eA== see https://help.example/x?id=ada\u0007';
  const clean = scrub(said, [password, uri]);
  expect(clean).toBe(
    'Rejected: [redacted] and [redacted] and [redacted] in [redacted] see https://help.example/[…]',
  );
  expect(scrub('https://meet.example/room/secret-token', [])).toBe('https://meet.example/[…]');
  expect(scrub(`x ${'A1b2'.repeat(20)} y`, [])).toBe('x […] y');
  expect(scrub('y '.repeat(500), []).length).toBeLessThanOrEqual(300);
  expect(scrub('queued as 4ZkQ7x0000z5, see https://help.example', [])).toBe(
    'queued as 4ZkQ7x0000z5, see https://help.example',
  );
});
