import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { withDeadline } from '../lib/deadline.js';
import { RollcallError } from '../lib/errors.js';
import { findProgram, startDaemon } from '../lib/processes.js';

export interface SandboxSambaOptions {
  /** An empty directory of its own. */
  readonly dir: string;
  /** PEM files of a certificate for `address`; the key must be readable by its owner alone. */
  readonly tls: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
  /** A loopback address of its own, since Samba's ports are fixed: 127.77.0.1, say. */
  readonly address: string;
}

export interface SandboxSamba {
  /** ldaps://ADDRESS */
  readonly url: string;
  /** The root of the domain: DC=ad,DC=example. */
  readonly base: string;
  readonly bindDn: string;
  readonly bindPassword: string;
  /** Ends it and waits until it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

const PASSWORD = 'Sandbox-2026!';
const PROVISION_MS = 120_000;
const LDAPS_PORT = 636;

/**
 * Sets up an Active Directory domain with Samba (some 5 s) and starts its LDAP service alone, in the foreground as our
 * child. Its ports are 389 and 636, so that it takes root, or a machine where low ports are free for all.
 * @throws ROLLCALL_ERR_DAEMON where Samba's domain controller is not installed, or does not start.
 */
export async function startSandboxSamba({ dir, tls, address }: SandboxSambaOptions): Promise<SandboxSamba> {
  const samba = await findProgram('samba');
  const tool = await findProgram('samba-tool');
  if (samba === undefined || tool === undefined)
    throw new RollcallError('ROLLCALL_ERR_DAEMON', "Samba's domain controller is not installed.", {
      hint: 'Install it: "apt-get install samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules ldb-tools".',
    });
  const options = {
    // With its netmask: Samba looks for an interface that has the address itself, and loopback has only 127.0.0.1.
    interfaces: `${address}/8`,
    'bind interfaces only': 'yes',
    'server services': 'ldap',
    'log file': join(dir, 'log'),
    'pid directory': dir,
    'ncalrpc dir': join(dir, 'ncalrpc'),
    'winbindd socket directory': join(dir, 'winbindd'),
    'ntp signd socket directory': join(dir, 'ntp'),
    'tls enabled': 'yes',
    'tls certfile': tls.certFile,
    'tls keyfile': tls.keyFile,
    'tls cafile': tls.caFile,
  };
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await run(tool, [
    'domain',
    'provision',
    '--realm=AD.EXAMPLE',
    '--domain=ADEX',
    '--server-role=dc',
    '--dns-backend=NONE',
    '--host-name=dc1',
    `--host-ip=${address}`,
    `--adminpass=${PASSWORD}`,
    `--targetdir=${dir}`,
    ...Object.entries(options).map(([name, value]) => `--option=${name}=${value}`),
  ]);
  const conf = join(dir, 'smb.conf');
  await writeFile(conf, configuration(dir, options));
  const daemon = await startDaemon({
    command: samba,
    args: ['--foreground', '--no-process-group', '--model=single', `--configfile=${conf}`],
    ready: () => answers(address),
    readyMs: 30_000,
  });
  return {
    url: `ldaps://${address}`,
    base: 'DC=ad,DC=example',
    bindDn: 'Administrator@ad.example',
    bindPassword: PASSWORD,
    stop: () => daemon.stop(),
  };
}

function configuration(dir: string, options: Readonly<Record<string, string>>): string {
  return [
    '[global]',
    'netbios name = DC1',
    'realm = AD.EXAMPLE',
    'workgroup = ADEX',
    'server role = active directory domain controller',
    ...Object.entries({
      'private dir': join(dir, 'private'),
      'state directory': join(dir, 'state'),
      'cache directory': join(dir, 'cache'),
      'lock directory': dir,
      ...options,
    }).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n');
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const code = await withDeadline(ended, PROVISION_MS, 'samba-tool to set up a domain');
    if (code === 0) return;
    const tail = Buffer.concat(said).toString('utf8').trim().split('\n').slice(-5).join(' | ');
    throw new RollcallError('ROLLCALL_ERR_DAEMON', `samba-tool failed (exit code ${code}): ${tail}`);
  } finally {
    child.kill('SIGKILL');
  }
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(LDAPS_PORT, address);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
