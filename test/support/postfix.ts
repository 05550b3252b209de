import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../../src/lib/deadline.js';
import { findProgram, freePort } from '../../src/lib/processes.js';

const NOBODY = 65_534;
const run = promisify(execFile);

export interface PostfixOptions {
  /** Empty; everything of this server is kept in it. */
  readonly dir: string;
  /** Where mail for a domain goes on to: a port on loopback. */
  readonly nextHops: Readonly<Record<string, number>>;
  /** Its mail is kept here. */
  readonly local: string;
  /** A Maildir for what comes to addresses of `local` that begin with "bounces"; other people's is in `dir/people`. */
  readonly bounces: string;
  /** Addresses refused in the session, and with what. */
  readonly refused: Readonly<Record<string, string>>;
  /** More lines for main.cf. */
  readonly settings?: readonly string[];
}

export interface Postfix {
  readonly port: number;
  /** What it has logged, for a test that fails. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real Postfix on loopback with a queue of its own. It gives up after seconds where others take days, and tries as
 * often. It needs root, as Postfix does to start at all.
 */
export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const { dir } = options;
  const command = await findProgram('postfix');
  if (command === undefined) throw new Error('There is no postfix.');
  const port = await freePort();
  const folder = (name: string) => join(dir, name);
  // its unprivileged parts must get through
  await chmod(dir, 0o755);
  for (const name of ['etc', 'queue', 'data']) await mkdir(folder(name));
  const postfix = Number((await run('id', ['-u', 'postfix'])).stdout);
  await chown(folder('data'), postfix, 0);
  for (const maildir of [folder('people'), options.bounces]) {
    await mkdir(maildir, { recursive: true });
    await chown(maildir, NOBODY, NOBODY);
  }

  await writeFile(folder('etc/main.cf'), mainCf(options).join('\n'));
  await writeFile(folder('etc/master.cf'), masterCf(port));
  const lines = (pairs: Readonly<Record<string, string>>) =>
    Object.entries(pairs)
      .map(([key, value]) => `${key} ${value}\n`)
      .join('');
  await writeFile(folder('etc/refused'), lines(options.refused));
  const maildirs = [`/^bounces/ ${options.bounces}/`, `/./ ${folder('people')}/`];
  await writeFile(folder('etc/mailboxes'), maildirs.map((line) => `${line}\n`).join(''));
  await writeFile(
    folder('etc/transport'),
    Object.entries(options.nextHops)
      .map(([domain, hop]) => `${domain} smtp:[127.0.0.1]:${hop}\n`)
      .join(''),
  );

  const log = () => readFile(folder('maillog'), 'utf8').catch(() => '');
  await run(command, ['-c', folder('etc'), 'start']).catch(async (error) => {
    throw new Error(`postfix could not be started: ${await log()}`, { cause: error });
  });
  const stop = async () => {
    await run(command, ['-c', folder('etc'), 'stop']);
  };
  try {
    await waitFor(() => greets(port), { ms: 15_000, what: 'postfix to answer' });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, log, stop };
}

function mainCf({ dir, local, settings = [] }: PostfixOptions): string[] {
  return [
    'compatibility_level = 3.6',
    `queue_directory = ${dir}/queue`,
    `data_directory = ${dir}/data`,
    `maillog_file = ${dir}/maillog`,
    `maillog_file_prefixes = ${dir}`,
    'myhostname = mx.relay.example',
    'mydestination =',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'mynetworks = 127.0.0.0/8',
    'smtpd_peername_lookup = no',
    'disable_dns_lookups = yes',
    'smtp_host_lookup = native',
    'alias_maps =',
    'alias_database =',
    'local_recipient_maps =',
    'biff = no',
    `transport_maps = texthash:${dir}/etc/transport`,
    `smtpd_recipient_restrictions = check_recipient_access texthash:${dir}/etc/refused, permit_mynetworks, reject`,
    `virtual_mailbox_domains = ${local}`,
    'virtual_mailbox_base = /',
    `virtual_mailbox_maps = regexp:${dir}/etc/mailboxes`,
    `virtual_uid_maps = static:${NOBODY}`,
    `virtual_gid_maps = static:${NOBODY}`,
    'virtual_minimum_uid = 1',
    'queue_run_delay = 1s',
    'minimal_backoff_time = 1s',
    'maximal_backoff_time = 1s',
    'maximal_queue_lifetime = 5s',
    'delay_warning_time = 1s',
    // a next hop that says 4xx is no dead one
    'default_destination_concurrency_failed_cohort_limit = 0',
    ...settings,
    '',
  ];
}

/** Nothing in a chroot, for it would need copies of the system's files. */
function masterCf(port: number): string {
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 1 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'virtual unix - n n - - virtual',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  return `${services.join('\n')}\n`;
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (greeting) => {
      socket.destroy();
      resolve(greeting.toString().startsWith('220'));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
