import { afterEach, expect, test } from 'vitest';
import type { Relay } from '../../src/mail/relay.js';
import { type Fault, type FaultSmtp, type Stage, startFaultSmtp } from '../support/fault-smtp.js';
import { relayTo, verdictOf } from './relay-fixtures.js';

let server: FaultSmtp | undefined;
let relay: Relay | undefined;

afterEach(async () => {
  await relay?.close();
  await server?.stop();
});

const close: Fault = { do: 'close' };
const reset: Fault = { do: 'reset' };
const hang: Fault = { do: 'hang' };
const says = (text: string): Fault => ({ do: 'reply', text });

/** Where it happens, what happens, and what becomes of the delivery. */
const matrix: [Stage, Fault, string][] = [
  ['greeting', close, 'relay-down'],
  ['greeting', reset, 'relay-down'],
  ['greeting', hang, 'relay-down'],
  ['greeting', says('421 4.3.2 Not now'), 'relay-down'],
  ['greeting', says('554 5.7.1 Not you'), 'relay-down'],
  ['ehlo', close, 'relay-down'],
  ['ehlo', reset, 'relay-down'],
  ['ehlo', hang, 'relay-down'],
  ['ehlo', says('421 4.3.2 Not now'), 'relay-down'],
  ['mail', close, 'deferred'],
  ['mail', reset, 'deferred'],
  ['mail', hang, 'deferred'],
  ['mail', says('421 4.3.2 Not now'), 'relay-down'],
  ['mail', says('451 4.3.0 Try later'), 'deferred'],
  ['mail', says('550 5.7.1 Sender refused'), 'relay-down'],
  ['rcpt', close, 'deferred'],
  ['rcpt', reset, 'deferred'],
  ['rcpt', hang, 'deferred'],
  ['rcpt', says('421 4.3.2 Not now'), 'relay-down'],
  ['rcpt', says('450 4.2.1 Busy'), 'deferred'],
  ['rcpt', says('550 5.1.1 Nobody'), 'failed'],
  ['data', close, 'deferred'],
  ['data', reset, 'deferred'],
  ['data', hang, 'deferred'],
  ['data', says('421 4.3.2 Not now'), 'relay-down'],
  ['data', says('452 4.3.1 Full'), 'deferred'],
  ['data', says('554 5.5.0 No'), 'failed'],
  // a small body is with the kernel, dot and all, before the server can break off: nobody can know
  ['body', close, 'uncertain'],
  ['body', reset, 'uncertain'],
  ['body', hang, 'uncertain'],
  ['dot', close, 'uncertain'],
  ['dot', reset, 'uncertain'],
  ['dot', hang, 'uncertain'],
  ['dot', says('421 4.3.2 Not now'), 'deferred'],
  ['dot', says('451 4.3.0 Try later'), 'deferred'],
  ['dot', says('554 5.7.1 Spam'), 'failed'],
  ['dot', { do: 'trickle', everyMs: 1 }, 'sent'],
  ['data', { do: 'trickle', everyMs: 1 }, 'sent'],
  ['greeting', { do: 'trickle', everyMs: 1 }, 'sent'],
];

const patient = { timeouts: { connect: '2s', greeting: '300ms', reply: '300ms', final: '300ms' } };

for (const extensions of [['PIPELINING', 'DSN'], ['DSN']]) {
  const how = extensions.includes('PIPELINING') ? 'pipelined' : 'one command at a time';
  test.each(matrix)(`at %s, %o makes the delivery %s (${how})`, async (stage, fault, expected) => {
    server = await startFaultSmtp({
      extensions,
      plan: (moment) => (moment.stage === stage ? fault : undefined),
    });
    relay = relayTo(server.port, patient);
    expect(await verdictOf(relay, 'one')).toBe(expected);
    const copies = server.copies.get('<one@corp.example>') ?? 0;
    if (expected === 'sent') expect(copies).toBe(1);
    else if (expected !== 'uncertain') expect(copies).toBe(0);
  });
}

test.each<[Stage, Fault]>([
  ['mail', close],
  ['mail', reset],
  ['mail', says('421 4.4.2 Idle for too long')],
])(
  'a session that ends at %s after earlier messages is replaced, and the message goes once',
  async (stage, fault) => {
    server = await startFaultSmtp({
      plan: (moment) =>
        moment.connection === 1 && moment.message === 2 && moment.stage === stage ? fault : undefined,
    });
    relay = relayTo(server.port, { ...patient, connections: 1 });
    expect(await verdictOf(relay, 'one')).toBe('sent');
    expect(await verdictOf(relay, 'two')).toBe('sent');
    expect([...server.copies.values()]).toEqual([1, 1]);
    expect(server.connections).toBe(2);
  },
);

test('a session that ends is relay-down when no other can be had', async () => {
  server = await startFaultSmtp({
    plan: ({ connection, message, stage }) => {
      if (connection > 1) return stage === 'greeting' ? says('421 4.3.2 Going down') : undefined;
      return message === 2 && stage === 'mail' ? close : undefined;
    },
  });
  relay = relayTo(server.port, { ...patient, connections: 1 });
  expect(await verdictOf(relay, 'one')).toBe('sent');
  expect(await verdictOf(relay, 'two')).toBe('relay-down');
});
