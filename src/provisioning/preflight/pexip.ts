import { isIP } from 'node:net';
import { messageOf } from '../../lib/errors.js';
import type { CheckLine } from '../../model/check.js';
import { base64 } from '../encoding.js';
import type { PexipSection } from '../pexip.js';
import { probeCertificate, type Target } from './certificate.js';
import { DEFAULT_TIMEOUT_MS, type PreflightDeps } from './context.js';
import { ask } from './http.js';
import { createNames, DNS_CODE, type Names } from './names.js';
import { locate } from './server.js';

/** How the app finds the node, the node's certificate, and an answer on the provisioning path. */
export async function probePexip(section: PexipSection, deps: PreflightDeps): Promise<readonly CheckLine[]> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = deps;
  const lines = await probeRegistrationHost(
    section.registrationHost ?? section.node.host,
    createNames(section.resolver, timeoutMs),
  );
  const { host, port = 443 } = section.node;
  const located = await locate(host, port, section, deps);
  if (located.target === undefined) return [...lines, located.line];
  const certificate = await probeCertificate(located.target, deps);
  const answer =
    certificate.trusted && section.link === 'web' ? [await probeAnswer(located.target, timeoutMs)] : [];
  return [...lines, ...certificate.lines, ...answer];
}

async function probeRegistrationHost(host: string, names: Names): Promise<CheckLine[]> {
  const what = `Registration host ${host}`;
  if (host === '') return [];
  if (/\{[{%]/.test(host))
    return [
      { what, state: 'warning', detail: 'It is another one for each person, so it was not looked up.' },
    ];
  if (isIP(host) !== 0)
    return [{ what, state: 'ok', detail: 'It is an address, which the app uses as it is.' }];

  const service = `_pexapp._tcp.${host}`;
  const records = await names.srv(service);
  if (records.kind === 'failed')
    return [
      { what, state: 'failed', detail: `DNS gave no answer for ${service}: ${records.why}`, code: DNS_CODE },
    ];
  if (records.kind === 'none') {
    const addresses = await names.addresses(host);
    return addresses.kind === 'found'
      ? [
          {
            what,
            state: 'warning',
            detail: `There is no SRV record ${service}; the app falls back on the address of ${host}.`,
            hint: `Add "${service}. SRV 10 10 443 <node>." so that nodes can be moved and added.`,
          },
        ]
      : [
          {
            what,
            state: 'failed',
            detail: `There is neither an SRV record ${service} nor an address for ${host}.`,
            code: DNS_CODE,
            hint: `Add "${service}. SRV 10 10 443 <node>.", or correct registrationHost.`,
          },
        ];
  }

  const targets = records.records.map(({ name, port }) => `${name}:${port}`).join(', ');
  const faults: CheckLine[] = [];
  for (const { name, port } of records.records) {
    // RFC 2782: a target of "." says that the service is decidedly not there.
    const addresses = name === '' || name === '.' ? { kind: 'none' as const } : await names.addresses(name);
    if (addresses.kind !== 'found')
      faults.push({
        what,
        state: 'failed',
        detail: `${service} names ${name === '' ? '"."' : name}, which has no address.`,
        code: DNS_CODE,
      });
    else if (port !== 443)
      faults.push({
        what,
        state: 'warning',
        detail: `${service} names port ${port} of ${name}; some versions of the app use 443 whatever the record says.`,
        hint: 'Point the record at port 443 of the node or of a reverse proxy.',
      });
  }
  return faults.length > 0 ? faults : [{ what, state: 'ok', detail: `${service} names ${targets}.` }];
}

async function probeAnswer(target: Target, timeoutMs: number): Promise<CheckLine> {
  const what = `Provisioning page of ${target.host}:${target.port}`;
  // A link such as people get, with nobody in it.
  const path = `/api/client/v2/provision?data=${encodeURIComponent(base64('name=Rollcall'))}`;
  const fault = (detail: string): CheckLine => ({
    what,
    state: 'failed',
    detail,
    code: 'ROLLCALL_ERR_PREFLIGHT_ANSWER',
    hint: 'Check that "node" is a Conferencing Node, or a proxy that passes /api/client/v2/ on to one.',
  });
  try {
    const { status } = await ask(target, { scheme: 'https', path }, timeoutMs);
    if (status >= 200 && status < 300)
      return { what, state: 'ok', detail: `It answers with status ${status}.` };
    if (status === 404 || status >= 500) return fault(`It answers with status ${status}.`);
    return {
      what,
      state: 'warning',
      detail: `It answers with status ${status}, where 200 was expected.`,
      hint: 'Open a link of a dry run in a browser, and see what people would see.',
    };
  } catch (error) {
    return fault(`It does not answer: ${messageOf(error)}`);
  }
}
