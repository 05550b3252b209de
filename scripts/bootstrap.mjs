// Installs what is missing for `npm run demo` and `npm test`: npm packages, and servers from Debian or Homebrew.
// It runs before `npm ci` has, so it is plain JavaScript with no packages, and whatever is there already is left alone.
//
//   node scripts/bootstrap.mjs demo|test|npm
//
// Exit codes: 0 everything is there; 2 wrong usage; 4 something is missing that this user may not install
// (the command that does is printed).
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * What the demo and the tests run, by Debian's package: a program or file that shows that it is there (any of them
 * will do), what it is for, and its name in Homebrew where that is known to work.
 */
const packages = {
  'redis-server': {
    shows: ['redis-server', 'valkey-server'],
    why: 'the queue and the ledger',
    brew: 'redis',
  },
  slapd: {
    shows: ['slapd', '/opt/homebrew/opt/openldap/libexec/slapd'],
    why: 'the directory',
    brew: 'openldap',
  },
  'ldap-utils': { shows: ['ldapmodify'], why: 'to change the directory in tests' },
  openssl: { shows: ['openssl'], why: 'certificates for tests' },
  samba: { shows: ['/usr/sbin/samba', 'samba-tool'], why: 'Active Directory for tests' },
  'samba-ad-dc': {
    shows: ['/usr/lib/systemd/system/samba-ad-dc.service', '/lib/systemd/system/samba-ad-dc.service'],
    why: 'the same',
  },
  'samba-ad-provision': { shows: ['/usr/share/samba/setup/provision.ldif'], why: 'the same' },
  'samba-dsdb-modules': {
    shows: [
      '/usr/lib/x86_64-linux-gnu/samba/ldb/samldb.so',
      '/usr/lib/aarch64-linux-gnu/samba/ldb/samldb.so',
    ],
    why: 'the same',
  },
  'samba-vfs-modules': {
    shows: [
      '/usr/lib/x86_64-linux-gnu/samba/vfs/acl_xattr.so',
      '/usr/lib/aarch64-linux-gnu/samba/vfs/acl_xattr.so',
    ],
    why: 'the same',
  },
  'ldb-tools': { shows: ['ldbadd'], why: 'to change it in tests' },
  'python3-jinja2': {
    shows: ['/usr/lib/python3/dist-packages/jinja2/__init__.py'],
    why: 'what templates are compared with',
  },
  chromium: { shows: ['chromium'], why: 'to look at mails and pages' },
  postfix: { shows: ['postfix'], why: 'a mail server for tests' },
  'dovecot-imapd': { shows: ['/usr/lib/dovecot/imap'], why: 'a mailbox for tests' },
};

const sets = {
  npm: [],
  demo: ['redis-server', 'slapd'],
  test: Object.keys(packages),
};

const wanted = sets[process.argv[2]];
if (wanted === undefined) stop(2, `Usage: node scripts/bootstrap.mjs ${Object.keys(sets).join('|')}`);

checkNode();
installServers(wanted.filter((name) => !isThere(packages[name].shows)));
installNpmPackages();

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    stop(4, `Rollcall wants Node 20.19 or newer; this is ${process.versions.node}.`);
}

function isThere(shows) {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return shows.some((name) =>
    name.startsWith('/')
      ? existsSync(name)
      : directories.some((directory) => isProgram(join(directory, name))),
  );
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installServers(missing) {
  if (missing.length === 0) return;
  if (isThere(['apt-get'])) aptInstall(missing);
  else if (isThere(['brew'])) brewInstall(missing);
  else stop(4, `Missing: ${list(missing)}.\nInstall them with your system's package manager, and try again.`);
}

function list(names) {
  return names.map((name) => `${name} (${packages[name].why})`).join(', ');
}

function brewInstall(missing) {
  const unknown = missing.filter((name) => packages[name].brew === undefined);
  if (unknown.length > 0) stop(4, `Missing, and not known to Homebrew: ${list(unknown)}.`);
  say(`Installing with Homebrew: ${list(missing)}`);
  const { status } = spawnSync('brew', ['install', ...missing.map((name) => packages[name].brew)], {
    stdio: 'inherit',
  });
  if (status !== 0) stop(4, 'Homebrew could not install them.');
}

function aptInstall(missing) {
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  const privilege = rootPrefix();
  if (privilege === undefined)
    stop(
      4,
      `Missing: ${list(missing)}.\nThis user may not install them. Please run:\n\n  sudo ${command.join(' ')}\n`,
    );
  say(`Installing Debian packages: ${list(missing)}`);
  const installed = withoutStartingDaemons(privilege, () => {
    if (apt(privilege, command.slice(1))) return true;
    // The package lists are missing or old: only now is it worth fetching them.
    return apt(privilege, ['update']) && apt(privilege, command.slice(1), 'inherit');
  });
  const absent = missing.filter((name) => !isThere(packages[name].shows));
  if (!installed) stop(4, `apt-get failed. Please run:\n\n  ${[...privilege, ...command].join(' ')}\n`);
  if (absent.length > 0) stop(4, `Installed, but not found where it should be: ${list(absent)}.`);
}

/** What goes before a command that needs root: nothing for root, `sudo -n` where that works without a password. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n'] : undefined;
}

/** Runs apt-get; where another process holds its lock, waits for it, for five minutes at most. */
function apt(privilege, args, output = 'pipe') {
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Options::=--force-confold'];
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'];
  const [program, ...rest] = [...privilege, ...environment, 'apt-get', ...options, ...args];
  for (let tries = 0; tries < 60; tries++) {
    const { status, stderr } = spawnSync(program, rest, {
      stdio: ['ignore', output === 'inherit' ? 'inherit' : 'ignore', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status === 0) return true;
    // DPkg::Lock::Timeout does not cover the lock on the package lists.
    if (!/Could not get lock/.test(stderr)) {
      if (output === 'inherit') process.stderr.write(stderr);
      return false;
    }
    spawnSync('sleep', ['5']);
  }
  return false;
}

/**
 * Debian starts a daemon as soon as it is installed, on its standard port, unless /usr/sbin/policy-rc.d forbids it
 * (Debian policy §9.3.3.1). Where there is none, one that forbids it is put there until the work is done; one that a
 * killed bootstrap left behind is known by its text and taken away too.
 */
function withoutStartingDaemons(privilege, work) {
  const file = '/usr/sbin/policy-rc.d';
  const mark = '# temporary, by rollcall/scripts/bootstrap.mjs';
  const ours = !existsSync(file) || readFileSync(file, 'utf8').includes(mark);
  const shell = (script) => {
    const [program, ...args] = [...privilege, 'sh', '-c', script];
    return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
  };
  if (!ours) return work();
  const remove = () => shell(`rm -f ${file}`);
  // apt-get gets the same Ctrl-C and ends; without a handler this process would end too, and leave the file behind.
  const wait = () => {};
  process.on('SIGINT', wait).on('SIGTERM', wait);
  try {
    if (!shell(`printf '#!/bin/sh\\n${mark}\\nexit 101\\n' > ${file} && chmod 755 ${file}`)) return false;
    return work();
  } finally {
    remove();
    process.off('SIGINT', wait).off('SIGTERM', wait);
  }
}

/** `npm ci`, when what is installed is not what package-lock.json says. Optional packages may be left out by npm. */
function installNpmPackages() {
  if (npmPackagesMatch()) return;
  say('Installing npm packages');
  // No install scripts: none of the packages needs its own (bullmq's msgpackr-extract is an optional speed-up).
  // Warnings are about engines of packages that are tested on this one; errors still show.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) stop(4, `npm could not install them. Please run:\n\n  npm ${args.join(' ')}\n`);
}

function npmPackagesMatch() {
  const installed = readJson('node_modules/.package-lock.json')?.packages ?? {};
  const locked = readJson('package-lock.json').packages;
  return Object.entries(locked).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' || optional || devOptional || peer || installed[path]?.version === version,
  );
}

function readJson(name) {
  const file = join(root, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function say(text) {
  process.stderr.write(`${text} …\n`);
}

function stop(code, text) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}
