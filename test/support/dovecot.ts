import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findProgram, freePort, startDaemon } from '../../src/lib/processes.js';

/** It serves no mail as root. */
const NOBODY = 65_534;

/** A real IMAP server on loopback with one account, its mail in `dir/mail` (a Maildir). */
export async function startDovecot(dir: string, account: { user: string; password: string }) {
  const command = await findProgram('dovecot');
  if (command === undefined) throw new Error('There is no dovecot.');
  const port = await freePort();
  // its unprivileged helpers must get through to their sockets
  await chmod(dir, 0o755);
  for (const folder of ['mail', 'mail/new', 'mail/cur', 'mail/tmp']) {
    await mkdir(join(dir, folder));
    await chown(join(dir, folder), NOBODY, NOBODY);
  }
  await writeFile(join(dir, 'users'), `${account.user}:{PLAIN}${account.password}::::::\n`);
  const config = join(dir, 'dovecot.conf');
  await writeFile(
    config,
    [
      'protocols = imap',
      `base_dir = ${dir}/run`,
      `state_dir = ${dir}/state`,
      'listen = 127.0.0.1',
      'log_path = /dev/stderr',
      'ssl = no',
      'disable_plaintext_auth = no',
      'first_valid_uid = 0',
      `mail_uid = ${NOBODY}`,
      `mail_gid = ${NOBODY}`,
      `mail_location = maildir:${dir}/mail`,
      `passdb {\n driver = passwd-file\n args = ${dir}/users\n}`,
      `userdb {\n driver = static\n args = uid=${NOBODY} gid=${NOBODY} home=${dir}/mail\n}`,
      `service imap-login {\n inet_listener imap {\n port = ${port}\n }\n inet_listener imaps {\n port = 0\n }\n chroot =\n}`,
      'service anvil {\n chroot =\n}',
      '',
    ].join('\n'),
  );
  const daemon = await startDaemon({
    command,
    args: ['-F', '-c', config],
    ready: () =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.once('data', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', () => resolve(false));
      }),
  });
  return { port, maildir: join(dir, 'mail'), stop: daemon.stop };
}
