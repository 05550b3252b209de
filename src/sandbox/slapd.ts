import { spawn } from 'node:child_process';
import { access, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { withDeadline } from '../lib/deadline.js';
import { RollcallError } from '../lib/errors.js';
import { findProgram, freePort, startDaemon } from '../lib/processes.js';

export interface SandboxSlapdOptions {
  /** A directory of its own: settings and database are written there, and an earlier database is thrown away. */
  readonly dir: string;
  /** The LDIF file to serve, the entry of `base` included. */
  readonly ldif: string;
  readonly base: string;
  /** PEM files; then it speaks LDAPS too, and StartTLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** More schema, in the language of slapd.conf: attributetype, objectclass. */
  readonly schema?: string;
  /** More lines for the database, in the language of slapd.conf: limits, sizelimit. */
  readonly database?: string;
}

export interface SandboxSlapd {
  /** ldap://127.0.0.1:PORT, in the clear. */
  readonly url: string;
  /** ldaps://127.0.0.1:PORT, where there is TLS. */
  readonly secureUrl: string | undefined;
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly pid: number;
  /** Ends it and waits until it is gone. Safe to call twice. */
  stop(): Promise<void>;
}

const PASSWORD = 'sandbox';
/** Debian, Homebrew (ARM and Intel), Fedora. */
const SCHEMA_DIRECTORIES = [
  '/etc/ldap/schema',
  '/opt/homebrew/etc/openldap/schema',
  '/usr/local/etc/openldap/schema',
  '/etc/openldap/schema',
];
const MODULE_DIRECTORIES = [
  '/usr/lib/ldap',
  '/opt/homebrew/opt/openldap/libexec/openldap',
  '/usr/local/opt/openldap/libexec/openldap',
  '/usr/lib64/openldap',
];
/** memberof and ppolicy only bring the schema of memberOf and pwdAccountLockedTime: the LDIF holds the values. */
const MODULES = ['back_mdb', 'memberof', 'ppolicy'];
const LOAD_MS = 60_000;

/**
 * Starts an OpenLDAP server with the entries of an LDIF file, on loopback and free ports, in the foreground as our child.
 * Anyone may read. Operational attributes (entryUUID, memberOf, pwdAccountLockedTime) are served as the file has them.
 * @throws ROLLCALL_ERR_DAEMON where slapd is not installed, or does not take the file.
 */
export async function startSandboxSlapd(options: SandboxSlapdOptions): Promise<SandboxSlapd> {
  const { dir, tls } = options;
  const database = join(dir, 'database');
  await rm(database, { recursive: true, force: true });
  await mkdir(database, { recursive: true, mode: 0o700 });
  const slapd = await program(dir);
  const conf = join(dir, 'slapd.conf');
  await writeFile(conf, await configuration(options, database), { mode: 0o600 });
  await run(slapd, ['-T', 'add', '-q', '-f', conf, '-l', options.ldif]);

  const port = await freePort();
  const securePort = tls && (await freePort());
  const url = `ldap://127.0.0.1:${port}`;
  const secureUrl = securePort && `ldaps://127.0.0.1:${securePort}`;
  const daemon = await startDaemon({
    command: slapd,
    args: ['-d', '0', '-f', conf, '-h', [url, ...(secureUrl ? [secureUrl] : [])].join(' ')],
    ready: () => answers(port),
  });
  return {
    url,
    secureUrl: secureUrl || undefined,
    bindDn: `cn=admin,${options.base}`,
    bindPassword: PASSWORD,
    pid: daemon.pid,
    stop: () => daemon.stop(),
  };
}

/** slapd itself, or a copy of it: Ubuntu's AppArmor lets the one in /usr/sbin read nothing but the system's own directories. */
async function program(dir: string): Promise<string> {
  const found = await findProgram('slapd');
  if (found === undefined)
    throw new RollcallError('ROLLCALL_ERR_DAEMON', 'slapd is not installed.', {
      hint: 'Install it: "apt-get install slapd" (Debian), "brew install openldap" (macOS).',
    });
  if (!(await exists('/etc/apparmor.d/usr.sbin.slapd'))) return found;
  const copy = join(dir, 'slapd');
  await copyFile(found, copy);
  return copy;
}

async function configuration(options: SandboxSlapdOptions, database: string): Promise<string> {
  const schemas = await firstThere(SCHEMA_DIRECTORIES);
  if (schemas === undefined)
    throw new RollcallError('ROLLCALL_ERR_DAEMON', "OpenLDAP's schema files were not found.", {
      hint: `They are looked for in ${SCHEMA_DIRECTORIES.join(', ')}.`,
    });
  return [
    ...['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include ${join(schemas, `${name}.schema`)}`),
    ...(await moduleLines()),
    ...(options.tls
      ? [`TLSCertificateFile ${options.tls.certFile}`, `TLSCertificateKeyFile ${options.tls.keyFile}`]
      : []),
    `pidfile ${join(options.dir, 'slapd.pid')}`,
    `argsfile ${join(options.dir, 'slapd.args')}`,
    ...(options.schema === undefined ? [] : [options.schema]),
    'database mdb',
    `directory ${database}`,
    `suffix "${options.base}"`,
    `rootdn "cn=admin,${options.base}"`,
    `rootpw ${PASSWORD}`,
    'maxsize 1073741824',
    'dbnosync',
    'index objectClass,entryUUID,uid,mail eq',
    // slapd's own default is 500 entries a search, pages together.
    'sizelimit unlimited',
    'access to * by * read',
    ...(options.database === undefined ? [] : [options.database]),
    '',
  ].join('\n');
}

/** Some builds have the modules linked in, and then no directory of them. */
async function moduleLines(): Promise<string[]> {
  const directory = await firstThere(MODULE_DIRECTORIES);
  if (directory === undefined) return [];
  const lines = [`modulepath ${directory}`];
  for (const name of MODULES)
    if (await exists(join(directory, `${name}.la`))) lines.push(`moduleload ${name}.la`);
    else if (await exists(join(directory, `${name}.so`))) lines.push(`moduleload ${name}.so`);
  return lines;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    const code = await withDeadline(ended, LOAD_MS, 'slapd to load the people');
    if (code === 0) return;
    throw new RollcallError(
      'ROLLCALL_ERR_DAEMON',
      `slapd did not take the LDIF file (exit code ${code}): ${Buffer.concat(said).toString('utf8').trim()}`,
    );
  } finally {
    child.kill('SIGKILL');
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
