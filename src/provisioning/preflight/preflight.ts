import { RollcallError } from '../../lib/errors.js';
import type { CheckLine } from '../../model/check.js';
import type { CustomSection } from '../custom.js';
import { isAddress, parseHostPort } from '../host.js';
import type { InfinityOneSection } from '../infinityone.js';
import { SAMETIME_PORT } from '../sametime.js';
import type { ProvisioningSection } from '../schema.js';
import type { PreflightDeps } from './context.js';
import { probeJitsi } from './jitsi.js';
import { probePexip } from './pexip.js';
import { probeServer } from './server.js';

/**
 * Probes what the system needs before thousands of people are told to click. It does not throw for what it finds,
 * and waits no longer than each probe may take.
 */
export async function preflight(
  section: ProvisioningSection,
  deps: PreflightDeps,
): Promise<readonly CheckLine[]> {
  try {
    return await probe(section, deps);
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return [
      { what: 'Preflight', state: 'failed', detail: error.message, code: error.code, hint: error.hint },
    ];
  }
}

async function probe(section: ProvisioningSection, deps: PreflightDeps): Promise<readonly CheckLine[]> {
  switch (section.system) {
    case 'pexip':
      return probePexip(section, deps);
    case 'sametime':
      return probeServer(section.host.host, section.port ?? SAMETIME_PORT, section, deps);
    case 'jitsi':
      return probeJitsi(section, deps);
    case 'infinityone':
      return probeInfinityOne(section, deps);
    case 'custom':
      return probeCustom(section, deps);
  }
}

async function probeInfinityOne(
  section: InfinityOneSection,
  deps: PreflightDeps,
): Promise<readonly CheckLine[]> {
  const lines = await probeServer(section.host.host, section.port, section, deps);
  if (!isAddress(section.host)) return lines;
  return [
    {
      what: `Host ${section.host.host}`,
      state: 'warning',
      detail: 'It is an address: phones compare the name people type with the name in the certificate.',
      hint: 'Name the server as its certificate does.',
    },
    ...lines,
  ];
}

async function probeCustom(
  { uri, ...section }: CustomSection,
  deps: PreflightDeps,
): Promise<readonly CheckLine[]> {
  const authority = /^\s*https:\/\/([^/?#{}@]+)(?:[/?#]|$)/i.exec(uri)?.[1];
  const server = authority === undefined ? undefined : parseHostPort(authority);
  if (server === undefined)
    return [
      {
        what: 'Custom link',
        state: 'ok',
        detail: 'It names no https server of its own, so there is nothing to probe.',
      },
    ];
  return probeServer(server.host, server.port ?? 443, section, deps);
}
