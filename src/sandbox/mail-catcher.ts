import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface MailCatcher {
  readonly port: number;
  /** Messages taken so far. */
  readonly count: number;
  stop(): Promise<void>;
}

export interface MailCatcherOptions {
  /** Where the messages are put, one `.eml` file each (0600, for there are links and passwords in them). */
  readonly dir: string;
  readonly port?: number;
}

/** An SMTP server on loopback that delivers nothing: it writes each message to a file, before it says 250. */
export async function startMailCatcher({ dir, port = 0 }: MailCatcherOptions): Promise<MailCatcher> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  // Numbers go on where an earlier catcher on the same directory stopped.
  let next = (await readdir(dir)).length + 1;
  let count = 0;
  const server = new SMTPServer({
    banner: 'Rollcall sandbox',
    authOptional: true,
    // no certificate, and the only client is on this machine
    disabledCommands: ['AUTH', 'STARTTLS'],
    hideDSN: false,
    disableReverseLookup: true,
    logger: false,
    async onData(stream, session, done) {
      try {
        const message = await buffer(stream);
        const number = String(next++).padStart(5, '0');
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const name = `${number}-${to.replace(/[^A-Za-z0-9.@-]/g, '_').slice(0, 80)}.eml`;
        await writeFile(join(dir, name), message, { mode: 0o600, flag: 'wx' });
        count++;
        done(null, `Caught as ${name}`);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  server.on('error', () => {}); // a client that breaks off
  const listening = await new Promise<ReturnType<SMTPServer['listen']>>((resolve, reject) => {
    const listener = server.listen(port, '127.0.0.1', () => resolve(listener));
    listener.once('error', reject);
  });
  const address = listening.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    get count() {
      return count;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
