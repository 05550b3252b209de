import type { CheckLine } from '../../model/check.js';
import type { ProbeSettings } from '../common.js';
import { probeCertificate, type Target, trustedAuthorities } from './certificate.js';
import { DEFAULT_TIMEOUT_MS, type PreflightDeps } from './context.js';
import { createNames, DNS_CODE } from './names.js';

/** A server that was found in DNS, or the line that says why not. */
export type Located =
  | { readonly target: Target; readonly line?: undefined }
  | { readonly target?: undefined; readonly line: CheckLine };

/** Looks the server's name up. */
export async function locate(
  host: string,
  port: number,
  settings: ProbeSettings,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: PreflightDeps,
): Promise<Located> {
  const found = await createNames(settings.resolver, timeoutMs).addresses(host);
  if (found.kind === 'found')
    return {
      target: { host, port, addresses: found.records, ca: await trustedAuthorities(settings.caFile) },
    };
  return {
    line: {
      what: `Address of ${host}`,
      state: 'failed',
      detail: found.kind === 'none' ? 'DNS knows no address for it.' : `DNS gave no answer: ${found.why}`,
      code: DNS_CODE,
    },
  };
}

/** The port and the certificate of a server that people are told to connect to. */
export async function probeServer(
  host: string,
  port: number,
  settings: ProbeSettings,
  deps: PreflightDeps,
): Promise<readonly CheckLine[]> {
  const located = await locate(host, port, settings, deps);
  return located.target === undefined ? [located.line] : (await probeCertificate(located.target, deps)).lines;
}
