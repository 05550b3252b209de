import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../../src/lib/log.js';
import { createRelay, type Relay } from '../../src/mail/relay.js';
import { recipientsSchema } from '../../src/mail/schema.js';
import { makeAuthority } from '../support/certificates.js';
import { type FaultSmtp, type FaultSmtpOptions, startFaultSmtp } from '../support/fault-smtp.js';
import {
  connect,
  messageOfId,
  recipients,
  relayTo,
  sendOne,
  smtpSettings,
  verdictOf,
} from './relay-fixtures.js';

const servers: FaultSmtp[] = [];
const relays: Relay[] = [];
const dirs: string[] = [];

afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await Promise.all(dirs.splice(0).map((dir) => rm(dir, { recursive: true })));
});

async function start(options: FaultSmtpOptions = {}, settings: object = {}) {
  const server = await startFaultSmtp(options);
  servers.push(server);
  const relay = relayTo(server.port, settings);
  relays.push(relay);
  return { server, relay };
}

test('a message arrives as it was given, dots and all, with its envelope and what DSN needs', async () => {
  const { server, relay } = await start();
  expect(await sendOne(relay, 'one')).toMatchObject({
    phase: 'answered',
    reply: { code: 250, enhanced: '2.0.0' },
  });
  const [message] = server.received;
  expect(message?.raw.equals(messageOfId('one'))).toBe(true);
  expect(message).toMatchObject({ from: 'bounces+x@corp.example', to: ['ada@corp.example'] });
  expect(message?.parameters.trim()).toBe(
    'SIZE=59 RET=HDRS ENVID=one NOTIFY=FAILURE,DELAY ORCPT=rfc822;ada@corp.example',
  );
});

test('SUCCESS is asked for where the settings want it', async () => {
  const { server, relay } = await start({}, { dsn: { success: true } });
  await sendOne(relay, 'one');
  expect(server.received[0]?.parameters).toContain('NOTIFY=SUCCESS,FAILURE,DELAY');
});

test('a message larger than the socket takes at once arrives whole', async () => {
  const { server, relay } = await start();
  const connection = await connect(relay);
  const line = Buffer.from(`${'.x'.repeat(30)}\r\n`);
  const message = Buffer.concat([
    messageOfId('big'),
    Buffer.concat(Array.from({ length: 100_000 }, () => line)),
  ]);
  const result = await connection.send({
    envelope: { from: 'a@corp.example', to: 'ada@corp.example' },
    message,
    envelopeId: 'big',
    onBody: async () => true,
  });
  connection.release();
  expect(result.phase).toBe('answered');
  expect(server.received[0]?.raw.equals(message)).toBe(true);
});

test('onBody is asked after 354 and before a byte of the body; where it says no, none is sent', async () => {
  const { server, relay } = await start();
  const result = await sendOne(relay, 'one', {
    onBody: async () => {
      expect(server.commands.at(-1)).toBe('DATA');
      return false;
    },
  });
  expect(result).toMatchObject({ phase: 'nothing', fault: 'withdrawn' });
  expect(server.copies.size).toBe(0);
  expect(await verdictOf(relay, 'two')).toBe('sent');
  expect(server.connections).toBe(2);
});

test('where onBody fails, nothing is sent and the caller gets its error', async () => {
  const { server, relay } = await start();
  await expect(
    sendOne(relay, 'one', { onBody: () => Promise.reject(new Error('Redis is gone')) }),
  ).rejects.toThrow('Redis is gone');
  expect(server.copies.size).toBe(0);
});

test('onBody is not asked where the recipient is refused', async () => {
  const { relay } = await start({
    plan: ({ stage }) => (stage === 'rcpt' ? { do: 'reply', text: '550 5.1.1 No' } : undefined),
  });
  let asked = 0;
  await sendOne(relay, 'one', { onBody: async () => ++asked > 0 });
  expect(asked).toBe(0);
});

test('the signal stops a message before its body, and is not heeded after', async () => {
  const { server, relay } = await start();
  const controller = new AbortController();
  const before = await sendOne(relay, 'one', {
    signal: controller.signal,
    onBody: async () => {
      controller.abort();
      return true;
    },
  });
  expect(before).toMatchObject({ phase: 'nothing', fault: 'aborted' });
  const later = new AbortController();
  server.plan = ({ stage }) => {
    if (stage === 'dot') later.abort();
    return undefined;
  };
  expect(await sendOne(relay, 'two', { signal: later.signal })).toMatchObject({ phase: 'answered' });
  expect([...server.copies.keys()]).toEqual(['<two@corp.example>']);
});

test('a body that the server stops reading is deferred, not uncertain: the dot never left', async () => {
  const { server, relay } = await start({}, { timeouts: { reply: '400ms' } });
  const connection = await connect(relay);
  const message = Buffer.concat([messageOfId('big'), Buffer.alloc(40_000_000, 'x\r\n')]);
  server.plan = ({ stage }) => (stage === 'body' ? { do: 'reset' } : undefined);
  const result = await connection.send({
    envelope: { from: 'a@corp.example', to: 'ada@corp.example' },
    message: message.subarray(0, 10_000_000),
    envelopeId: 'big',
    onBody: async () => true,
  });
  connection.release();
  expect(result).toMatchObject({ phase: 'body', fault: 'lost' });
});

test('a name that is not ASCII never reaches a server without SMTPUTF8', async () => {
  const { server, relay } = await start({ extensions: ['PIPELINING'] });
  const result = await sendOne(relay, 'one', { to: 'юлия@corp.example' });
  expect(result.fault).toBe('no-smtputf8');
  expect(server.commands.filter((line) => line.startsWith('MAIL'))).toEqual([]);
  expect(await verdictOf(relay, 'two')).toBe('sent');
  const able = await start();
  expect(await sendOne(able.relay, 'three', { to: 'юлия@corp.example' })).toMatchObject({
    phase: 'answered',
  });
  expect(able.server.received[0]?.parameters).toContain('SMTPUTF8');
});

test('a message larger than the server takes is not offered to it', async () => {
  const { server, relay } = await start({ extensions: ['SIZE 20'] });
  expect(await sendOne(relay, 'one')).toMatchObject({ fault: 'too-big' });
  expect(server.commands).toEqual(['EHLO rollcall.corp.example']);
});

test('redirectAllTo and allowedDomains hold whatever envelope is given', async () => {
  const { server } = await start();
  const staging = recipientsSchema({ dir: '/' }).parse({
    allowedDomains: ['corp.example'],
    redirectAllTo: 'staging@corp.example',
  });
  const relay = createRelay({
    settings: smtpSettings(server.port),
    recipients: staging,
    allowPlaintext: false,
    log: silentLogger,
  });
  relays.push(relay);
  await sendOne(relay, 'one');
  expect(server.received[0]?.to).toEqual(['staging@corp.example']);
  await expect(sendOne(relay, 'two', { to: 'eve@evil.example' })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_RECIPIENT',
  });
  expect(server.copies.size).toBe(1);
});

test('connections are kept, shared out up to their number, and taken again after a refusal', async () => {
  const { server, relay } = await start();
  server.plan = ({ stage, to }) =>
    stage === 'rcpt' && to === 'no@corp.example' ? { do: 'reply', text: '550 5.1.1 No' } : undefined;
  const ids = Array.from({ length: 40 }, (_, i) => `m${i}`);
  await Promise.all(ids.map((id, i) => sendOne(relay, id, i % 4 === 0 ? { to: 'no@corp.example' } : {})));
  expect(server.connections).toBe(2);
  expect(server.received).toHaveLength(30);
  expect(new Set(server.copies.values())).toEqual(new Set([1]));
});

test('who waits for a connection can be called off, and the place in line is not lost', async () => {
  const { relay } = await start({}, { connections: 1 });
  const held = await connect(relay);
  const controller = new AbortController();
  const waiting = relay.acquire(controller.signal);
  const next = relay.acquire();
  controller.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
  held.release();
  const given = await next;
  expect('verdict' in given).toBe(false);
  if (!('verdict' in given)) given.release();
});

test('without TLS nothing goes to another machine unless that is allowed', () => {
  const settings = { ...smtpSettings(25), host: 'relay.corp.example' };
  const options = { settings, recipients, log: silentLogger };
  expect(() => createRelay({ ...options, allowPlaintext: false })).toThrow(
    expect.objectContaining({ code: 'ROLLCALL_ERR_PLAINTEXT' }),
  );
  expect(() => createRelay({ ...options, allowPlaintext: true })).not.toThrow();
});

async function tlsFixture(wish: { name: string; names: string[]; from?: Date; to?: Date }) {
  const authority = makeAuthority('Test CA');
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-mail-'));
  dirs.push(dir);
  const caFile = join(dir, 'ca.pem');
  await writeFile(caFile, authority.cert);
  return { caFile, certificate: authority.issue(wish) };
}

const login = { auth: { user: 'rollcall', password: 's3cret-word' } };
const account = { user: 'rollcall', password: 's3cret-word' };

test.each(['starttls', 'implicit'] as const)(
  'with tls: %s it encrypts, checks the name, logs in and sends',
  async (tls) => {
    const { caFile, certificate } = await tlsFixture({
      name: 'relay.corp.example',
      names: ['relay.corp.example'],
    });
    const server = { tls: { ...certificate, implicit: tls === 'implicit' }, ...login };
    const { relay, server: taken } = await start(server, {
      tls,
      caFile,
      serverName: 'relay.corp.example',
      ...account,
    });
    expect(await verdictOf(relay, 'one')).toBe('sent');
    expect(taken.commands.filter((line) => line.startsWith('STARTTLS'))).toHaveLength(
      tls === 'starttls' ? 1 : 0,
    );
    expect(await relay.check()).toMatchObject([
      { state: 'ok', detail: expect.stringMatching(/encrypted.*logged in as rollcall.*10240000 bytes/) },
      { state: 'ok' },
    ]);
  },
);

const DAY = 86_400_000;

test.each<[string, object, object]>([
  ['is for another name', {}, { serverName: 'other.corp.example' }],
  ['has expired', { from: new Date(Date.now() - 9 * DAY), to: new Date(Date.now() - DAY) }, {}],
  ['is of an authority that is not known', {}, { caFile: undefined }],
])('a certificate that %s is refused, and nothing is said to the server', async (_, wish, settings) => {
  const { caFile, certificate } = await tlsFixture({
    name: 'relay.corp.example',
    names: ['relay.corp.example'],
    ...wish,
  });
  for (const tls of ['starttls', 'implicit']) {
    const { relay, server } = await start(
      { tls: { ...certificate, implicit: tls === 'implicit' }, ...login },
      { tls, caFile, serverName: 'relay.corp.example', ...account, ...settings },
    );
    const [line] = await relay.check();
    expect(line).toMatchObject({ state: 'failed', code: 'ROLLCALL_ERR_SMTP_TLS' });
    expect(server.commands.filter((command) => /^(?:AUTH|MAIL)/.test(command))).toEqual([]);
  }
});

test('STARTTLS that is not offered, or refused, is an error: nothing is sent in the clear', async () => {
  const { certificate } = await tlsFixture({ name: 'x', names: ['x'] });
  const stripped = await start(
    { extensions: ['PIPELINING'], tls: certificate, ...login },
    { tls: 'starttls', ...account },
  );
  const refused = await start(
    {
      tls: certificate,
      ...login,
      plan: ({ stage }) => (stage === 'starttls' ? { do: 'reply', text: '454 4.7.0 No TLS now' } : undefined),
    },
    { tls: 'starttls', ...account },
  );
  for (const { relay, server } of [stripped, refused]) {
    expect(await relay.acquire()).toMatchObject({
      verdict: { status: 'relay-down' },
      error: { code: 'ROLLCALL_ERR_SMTP_TLS' },
    });
    expect(server.commands.filter((line) => /^(?:AUTH|MAIL)/.test(line))).toEqual([]);
  }
});

test('a refused login names neither password nor its Base64', async () => {
  const { relay } = await start(
    {
      ...login,
      plan: ({ stage }) =>
        stage === 'auth' ? { do: 'reply', text: '535 5.7.8 rollcall/s3cret-word is wrong' } : undefined,
    },
    account,
  );
  const down = await relay.acquire();
  expect(down).toMatchObject({ error: { code: 'ROLLCALL_ERR_SMTP_LOGIN' } });
  const shown = JSON.stringify([down, String('error' in down && down.error)]);
  expect(shown).toContain('[redacted]');
  expect(shown).not.toContain('s3cret');
});

test('check says what is wrong where nobody listens, and warns where DSN is not offered', async () => {
  const { relay, server } = await start({ extensions: [] });
  expect(await relay.check()).toMatchObject([{ state: 'ok' }, { state: 'warning' }]);
  await server.stop();
  expect(await relay.check()).toMatchObject([{ state: 'failed', code: 'ROLLCALL_ERR_SMTP_UNREACHABLE' }]);
});
