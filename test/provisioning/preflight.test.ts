import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { freePort } from '../../src/lib/processes.js';
import type { CheckLine } from '../../src/model/check.js';
import { preflight } from '../../src/provisioning/preflight/preflight.js';
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.js';
import { startDnsServer } from '../support/dns-server.js';
import { sectionOf } from './sections.js';

const DAY_MS = 86_400_000;
const days = (count: number) => new Date(Date.now() + count * DAY_MS);

const authority = makeAuthority('Corp Root CA');
const unknown = makeAuthority('Somebody Else');
const oldIntermediate = {
  name: 'Old Issuing CA',
  ...authority.issue({ name: 'Old Issuing CA', authority: true, from: days(-800), to: days(-400) }),
};
const HOST = 'px01.corp.test';
const certificates: Record<string, Certificate> = {
  good: authority.issue({ name: HOST, names: [HOST, '*.vc.corp.test'] }),
  forAddress: authority.issue({ name: '127.0.0.1', names: ['127.0.0.1'] }),
  soon: authority.issue({ name: HOST, names: [HOST], to: days(5) }),
  expired: authority.issue({ name: HOST, names: [HOST], from: days(-60), to: days(-3) }),
  early: authority.issue({ name: HOST, names: [HOST], from: days(3), to: days(60) }),
  wrongName: authority.issue({ name: 'other.corp.test', names: ['other.corp.test'] }),
  selfSigned: makeCertificate({ name: HOST, names: [HOST] }),
  untrusted: unknown.issue({ name: HOST, names: [HOST] }),
  allWrong: unknown.issue({
    name: 'other.corp.test',
    names: ['other.corp.test'],
    from: days(-60),
    to: days(-3),
  }),
};
const behindOld = makeCertificate({ name: HOST, names: [HOST], issuer: oldIntermediate });
certificates['oldChain'] = { cert: behindOld.cert + oldIntermediate.cert, key: behindOld.key };

let dir: string;
let dns: Awaited<ReturnType<typeof startDnsServer>>;
const servers: Server[] = [];
const deps = { clock: systemClock, timeoutMs: 5_000 };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-preflight-'));
  await writeFile(join(dir, 'ca.pem'), authority.cert);
  await writeFile(join(dir, 'no-ca.pem'), 'not a certificate');
  const here = ['127.0.0.1'];
  dns = await startDnsServer({
    a: { [HOST]: here, 'node.vc.corp.test': here, 'bare.corp.test': here, 'openfire.corp.test': here },
    srv: {
      [`_pexapp._tcp.${HOST}`]: [{ port: 443, target: HOST }],
      '_pexapp._tcp.vc.corp.test': [
        { port: 443, target: 'node.vc.corp.test', priority: 20 },
        { port: 443, target: HOST, priority: 10 },
      ],
      '_pexapp._tcp.dangling.corp.test': [{ port: 443, target: 'gone.corp.test' }],
      '_pexapp._tcp.closed.corp.test': [{ port: 0, target: '.' }],
      '_pexapp._tcp.oddport.corp.test': [{ port: 8443, target: HOST }],
    },
    broken: ['_pexapp._tcp.broken.corp.test'],
    silent: ['_pexapp._tcp.silent.corp.test', 'silent.corp.test'],
  });
});

afterAll(async () => {
  for (const server of servers)
    await new Promise((resolve) => {
      server.close(resolve);
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
        server.closeAllConnections();
    });
  await dns?.stop();
  if (dir !== undefined) await rm(dir, { recursive: true, force: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

function https(kind: string, answer: RequestListener = (_request, response) => response.end('ok')) {
  return listen(createTlsServer({ ...certificates[kind] }, answer));
}

const here = () => ({ caFile: join(dir, 'ca.pem'), resolver: [dns.address] });
const states = (lines: readonly CheckLine[]) =>
  lines.map(({ state, code }) => (code === undefined ? state : `${state} ${code}`));
const CERTIFICATE = 'failed ROLLCALL_ERR_PREFLIGHT_CERTIFICATE';

describe('the certificate of a server', () => {
  const probe = async (kind: string, host = HOST) =>
    preflight(sectionOf({ system: 'infinityone', host, port: await https(kind), ...here() }), deps);

  test('is fine when it is trusted, names the host and is in date', async () => {
    const lines = await probe('good');
    expect(states(lines)).toEqual(['ok']);
    expect(lines[0]?.detail).toContain(`valid until ${days(365).toISOString().slice(0, 10)}`);
  });

  test('is fine for a name that a wildcard covers', async () => {
    expect(states(await probe('good', 'node.vc.corp.test'))).toEqual(['ok']);
  });

  test.each([
    ['soon', ['warning'], /valid only until .* \(4 days\)/],
    ['expired', [CERTIFICATE], /expired on \d{4}-\d\d-\d\d/],
    ['early', [CERTIFICATE], /not valid before/],
    ['wrongName', [CERTIFICATE], /names other\.corp\.test, not px01\.corp\.test/],
    ['selfSigned', [CERTIFICATE], /self-signed/],
    ['untrusted', [CERTIFICATE], /authority that signed it is not trusted/],
    ['oldChain', [CERTIFICATE], /between it and its authority has expired/],
  ])('that is %s is told so', async (kind, expected, detail) => {
    const lines = await probe(kind);
    expect(states(lines)).toEqual(expected);
    expect(lines[0]?.detail).toMatch(detail);
    expect(lines[0]?.hint).toBeTruthy();
  });

  test('with a wrong date and a wrong name has a line for each', async () => {
    const lines = await probe('allWrong');
    expect(lines.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('expired'),
      expect.stringContaining('names other.corp.test'),
    ]);
  });

  test('is judged by the clock it is given', async () => {
    const later = { ...deps, clock: { ...systemClock, now: () => days(400).getTime() } };
    const port = await https('good');
    const lines = await preflight(sectionOf({ system: 'sametime', host: HOST, port, ...here() }), later);
    expect(lines[0]?.detail).toMatch(/^It expired on/);
  });

  test('is not trusted without the file of the authority', async () => {
    const port = await https('good');
    const lines = await preflight(
      sectionOf({ system: 'sametime', host: HOST, port, resolver: [dns.address] }),
      deps,
    );
    expect(states(lines)).toEqual([CERTIFICATE]);
  });
});

describe('a server that does not answer as it should', () => {
  test('is told from one that is not there at all', async () => {
    const port = await freePort();
    const lines = await preflight(sectionOf({ system: 'sametime', host: HOST, port, ...here() }), deps);
    expect(states(lines)).toEqual(['failed ROLLCALL_ERR_PREFLIGHT_UNREACHABLE']);
    expect(lines[0]?.detail).toContain('ECONNREFUSED');
  });

  test('speaks no TLS', async () => {
    const port = await listen(createPlainServer((_request, response) => response.end()));
    const lines = await preflight(sectionOf({ system: 'sametime', host: HOST, port, ...here() }), deps);
    expect(states(lines)).toEqual([CERTIFICATE]);
    expect(lines[0]?.detail).toMatch(/not with TLS/);
  });

  test('says nothing: the probe ends, and says what it waited for', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => {}).resume()));
    const lines = await preflight(sectionOf({ system: 'sametime', host: HOST, port, ...here() }), {
      ...deps,
      timeoutMs: 200,
    });
    expect(states(lines)).toEqual(['failed ROLLCALL_ERR_PREFLIGHT_UNREACHABLE']);
    expect(lines[0]?.detail).toContain(`a TLS connection to ${HOST}:${port}`);
  });

  test.each([
    ['nowhere.corp.test', 'DNS knows no address for it.'],
    ['silent.corp.test', /^DNS gave no answer/],
  ])('is not in DNS: %s', async (host, detail) => {
    const lines = await preflight(sectionOf({ system: 'sametime', host, ...here() }), {
      ...deps,
      timeoutMs: 400,
    });
    expect(states(lines)).toEqual(['failed ROLLCALL_ERR_PREFLIGHT_DNS']);
    expect(lines[0]?.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
  });
});

test.each(['no-ca.pem', 'missing.pem'])('a caFile that is none is told: %s', async (file) => {
  const lines = await preflight(
    sectionOf({ system: 'sametime', host: HOST, ...here(), caFile: join(dir, file) }),
    deps,
  );
  expect(states(lines)).toEqual(['failed ROLLCALL_ERR_PROVISIONING']);
});

test('InfinityOne: a host that is an address is warned about, also with a certificate for it', async () => {
  const port = await https('forAddress');
  const lines = await preflight(
    sectionOf({ system: 'infinityone', host: '127.0.0.1', port, ...here() }),
    deps,
  );
  expect(states(lines)).toEqual(['warning', 'ok']);
});

test('custom: the server of an https link is probed, and nothing where there is none', async () => {
  const port = await https('good');
  const probe = (uri: string, schemes: string[] = []) =>
    preflight(sectionOf({ system: 'custom', uri, schemes, ...here() }), deps);
  expect(states(await probe(`https://${HOST}:${port}/start?user={{ uid }}`))).toEqual(['ok']);
  expect((await probe(`https://${HOST}:${port}/`))[0]?.what).toBe(`Certificate of ${HOST}:${port}`);
  expect(await probe('https://{{ x }}/')).toEqual([
    expect.objectContaining({ what: 'Custom link', detail: expect.stringContaining('nothing to probe') }),
  ]);
  expect(states(await probe('ciscojabber://provision', ['ciscojabber']))).toEqual(['ok']);
});

describe('Pexip', () => {
  const pexip = async (over: object = {}, answer?: RequestListener) => ({
    system: 'pexip',
    node: `${HOST}:${await https('good', answer)}`,
    ...here(),
    ...over,
  });

  test('is fine with an SRV record, a certificate, and an answer on the provisioning path', async () => {
    const asked: string[] = [];
    const section = await pexip({}, (request, response) => {
      asked.push(request.url ?? '');
      response.end('<html>');
    });
    const lines = await preflight(sectionOf(section), deps);
    expect(states(lines)).toEqual(['ok', 'ok', 'ok']);
    expect(asked).toEqual([expect.stringMatching(/^\/api\/client\/v2\/provision\?data=/)]);
    expect(dns.asked).toContain(`_pexapp._tcp.${HOST} 33`);
  });

  test.each([
    ['vc.corp.test', 'ok', `_pexapp._tcp.vc.corp.test names ${HOST}:443, node.vc.corp.test:443.`],
    ['bare.corp.test', 'warning', 'There is no SRV record _pexapp._tcp.bare.corp.test'],
    ['nowhere.corp.test', 'failed ROLLCALL_ERR_PREFLIGHT_DNS', 'There is neither an SRV record'],
    ['dangling.corp.test', 'failed ROLLCALL_ERR_PREFLIGHT_DNS', 'gone.corp.test, which has no address'],
    ['closed.corp.test', 'failed ROLLCALL_ERR_PREFLIGHT_DNS', 'names ".", which has no address'],
    ['oddport.corp.test', 'warning', 'names port 8443'],
    ['broken.corp.test', 'failed ROLLCALL_ERR_PREFLIGHT_DNS', 'DNS gave no answer'],
    ['silent.corp.test', 'failed ROLLCALL_ERR_PREFLIGHT_DNS', 'DNS gave no answer'],
    ['192.0.2.1', 'ok', 'It is an address'],
    ['{{ o }}.corp.test', 'warning', 'another one for each person'],
  ])('looks the registration host up as the app does: %s', async (registrationHost, state, detail) => {
    const lines = await preflight(sectionOf(await pexip({ registrationHost })), {
      ...deps,
      timeoutMs: 1_500,
    });
    expect(states(lines)).toEqual([state, 'ok', 'ok']);
    expect(lines[0]?.detail).toContain(detail);
  });

  test.each([
    [404, 'failed ROLLCALL_ERR_PREFLIGHT_ANSWER'],
    [503, 'failed ROLLCALL_ERR_PREFLIGHT_ANSWER'],
    [302, 'warning'],
    [400, 'warning'],
  ])('judges status %d on the provisioning path', async (status, expected) => {
    const section = await pexip({}, (_request, response) => {
      response.writeHead(status);
      response.end();
    });
    const lines = await preflight(sectionOf(section), deps);
    expect(states(lines)).toEqual(['ok', 'ok', expected]);
    expect(lines[2]?.detail).toContain(`status ${status}`);
  });

  test('waits no longer than told for the provisioning page', async () => {
    const lines = await preflight(sectionOf(await pexip({}, () => {})), { ...deps, timeoutMs: 300 });
    expect(states(lines)).toEqual(['ok', 'ok', 'failed ROLLCALL_ERR_PREFLIGHT_ANSWER']);
  });

  test('asks for no page with a certificate that is not trusted, nor for links that need none', async () => {
    const node = `${HOST}:${await https('selfSigned')}`;
    expect(states(await preflight(sectionOf({ ...(await pexip()), node }), deps))).toEqual([
      'ok',
      CERTIFICATE,
    ]);
    expect(states(await preflight(sectionOf(await pexip({ link: 'app' })), deps))).toEqual(['ok', 'ok']);
  });
});

describe('Jitsi', () => {
  /** As the plugin answers: 401 with its error string, by Openfire's sendError. */
  const plugin =
    (text: string, status = 401): RequestListener =>
    (request, response) => {
      request.resume();
      request.on('end', () => {
        response.writeHead(status, { 'content-type': 'text/xml' });
        response.end(`<html><body>HTTP ERROR ${status}: ${text}</body></html>`);
      });
    };
  const jitsi = async (answer: RequestListener, over: object = {}) => ({
    system: 'jitsi',
    host: `${HOST}:${await https('good', answer)}`,
    secret: 'bigsecret',
    ...here(),
    ...over,
  });

  test.each([
    ['UnauthorizedException', 401, 'ok', /takes the secret/, undefined],
    ['Invalid Username/Password', 401, 'ok', /takes the secret/, undefined],
    ['RequestNotAuthorised', 401, 'failed', /refuses the secret, or the address/, /secret/],
    ['IllegalArgumentException', 401, 'failed', /did not find a user name/, /userParameter: username/],
    ['JitsiProvisioning Disabled', 401, 'failed', /switched off/, /Switch it on/],
    ['ConnectionException', 401, 'failed', /cannot reach the database/, /log/],
    ['InternalUnauthenticatedException', 401, 'failed', /failed while it checked/, /log/],
    ['Not Found', 404, 'failed', /no such page/, /path/],
    ['accxmpp=...', 200, 'warning', /took a user who should not exist/, /rollcall-check/],
    ['Boom', 500, 'failed', /status 500/, /log/],
  ])('%s is turned into advice', async (text, status, state, detail, hint) => {
    const lines = await preflight(sectionOf(await jitsi(plugin(text, status))), deps);
    expect(lines.map((line) => line.state)).toEqual(['ok', state]);
    expect(lines[1]?.detail).toMatch(detail);
    if (hint !== undefined) expect(lines[1]?.hint).toMatch(hint);
  });

  test('is asked as Jitsi asks: by POST, with the secret in the form and not in the address', async () => {
    let seen: { method: string | undefined; url: string | undefined; body: string } | undefined;
    const section = await jitsi((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen = { method: request.method, url: request.url, body: Buffer.concat(chunks).toString() };
        response.writeHead(401, 'UnauthorizedException');
        response.end();
      });
    });
    const lines = await preflight(sectionOf({ ...section, userParameter: 'username' }), deps);
    expect(states(lines)).toEqual(['ok', 'ok']);
    expect(seen).toEqual({
      method: 'POST',
      url: '/plugins/jitsiProvisioning/provision',
      body: 'username=rollcall-check&password=rollcall-check&secret=bigsecret',
    });
  });

  test('gets no secret while its certificate is not trusted', async () => {
    let asked = 0;
    const port = await https('selfSigned', (_request, response) => {
      asked += 1;
      response.end();
    });
    const lines = await preflight(sectionOf(await jitsi(plugin(''), { host: `${HOST}:${port}` })), deps);
    expect(states(lines)).toEqual([CERTIFICATE]);
    expect(asked).toBe(0);
  });

  test('over plain HTTP is warned about, and asked', async () => {
    const port = await listen(createPlainServer(plugin('UnauthorizedException')));
    const section = { ...(await jitsi(plugin(''))), host: `openfire.corp.test:${port}`, allowInsecure: true };
    expect(states(await preflight(sectionOf(section), deps))).toEqual(['warning', 'ok']);
  });

  test('that sends Jitsi elsewhere is told where', async () => {
    const section = await jitsi((request, response) => {
      request.resume();
      response.writeHead(302, { location: '/login.jsp' });
      response.end();
    });
    const lines = await preflight(sectionOf(section), deps);
    expect(lines[1]).toMatchObject({ state: 'failed', detail: expect.stringContaining('/login.jsp') });
  });
});
