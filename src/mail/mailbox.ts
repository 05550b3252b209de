import { ImapFlow } from 'imapflow';
import { withDeadline } from '../lib/deadline.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import { isLoopback } from '../lib/loopback.js';
import { readCa } from '../lib/read-ca.js';
import type { FoundMessage } from './maildir.js';
import type { ImapSettings } from './schema.js';

/** The mailbox that bounces come to, opened. */
export interface Mailbox {
  /**
   * The messages in it now, oldest first, one at a time; each should be moved away before the next is asked for.
   * @throws ROLLCALL_ERR_MAILBOX
   */
  messages(): AsyncGenerator<FoundMessage>;
  /**
   * Waits by IDLE until the server tells of something new, or `ms` have passed.
   * @throws ROLLCALL_ERR_MAILBOX when the connection ends meanwhile, or the signal's reason
   */
  waitForNew(ms: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A report larger than this is no report of ours; it is fetched cut off, and put aside as such. */
const MAX_FETCH = 2 * 1024 * 1024 + 1;

/**
 * Connects, logs in, opens the mailbox, and makes the two folders for what was dealt with where they are missing.
 * @param signal ends whatever is going on, then and later
 * @throws ROLLCALL_ERR_MAILBOX, ROLLCALL_ERR_PLAINTEXT, or the signal's reason
 */
export async function openMailbox(
  imap: ImapSettings,
  allowPlaintext: boolean,
  signal?: AbortSignal,
): Promise<Mailbox> {
  signal?.throwIfAborted();
  if (imap.tls === 'none' && !allowPlaintext && !isLoopback(imap.host)) {
    throw new RollcallError(
      'ROLLCALL_ERR_PLAINTEXT',
      `bounces.imap.tls is none and ${imap.host} is another machine: the password could be read on the way.`,
    );
  }
  const place = `${imap.mailbox} at ${imap.host}:${imap.port}`;
  const failure = (error: unknown) =>
    error instanceof RollcallError
      ? error
      : new RollcallError('ROLLCALL_ERR_MAILBOX', `${place} cannot be read: ${describe(error)}.`, {
          cause: error,
        });
  /** Every command has a deadline; what does not answer in time is cut off. */
  const ask = async <T>(what: string, command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(unlessAborted(command, signal), imap.timeout, `${what} (${place})`);
    } catch (error) {
      client.close();
      throw signal?.aborted ? signal.reason : failure(error);
    }
  };

  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: imap.tls === 'implicit',
    // true: fail where the server does not offer it; false: never ask
    ...(imap.tls !== 'implicit' && { doSTARTTLS: imap.tls === 'starttls' }),
    auth: { user: imap.user, pass: imap.password.reveal() },
    tls: {
      minVersion: 'TLSv1.2',
      ...(imap.serverName !== undefined && { servername: imap.serverName }),
      ...(imap.caFile !== undefined && { ca: await readCa(imap.caFile, 'bounces.imap.caFile') }),
    },
    connectionTimeout: imap.timeout,
    greetingTimeout: imap.timeout,
    disableAutoIdle: true,
    logger: false,
  });
  client.on('error', () => {}); // the command that waits hears of it
  // what arrives while others are read must not be slept over
  let hasNews = false;
  client.on('exists', () => {
    hasNews = true;
  });
  await ask('the login', client.connect());
  const folders = new Set((await ask('the list of folders', client.list())).map(({ path }) => path));
  for (const folder of [imap.processed, imap.aside]) {
    if (!folders.has(folder)) await ask(`the new folder ${folder}`, client.mailboxCreate(folder));
  }
  await ask('the mailbox', client.mailboxOpen(imap.mailbox));

  return {
    async *messages() {
      hasNews = false;
      const found = await ask('the search', client.search({ all: true }, { uid: true }));
      for (const uid of found || []) {
        const message = await ask(
          'a message',
          client.fetchOne(String(uid), { uid: true, source: { maxLength: MAX_FETCH } }, { uid: true }),
        );
        // another client may have taken it away
        if (!message || message.source === undefined) continue;
        const moveTo = (folder: string) => async () => {
          await ask('the move', client.messageMove(String(uid), folder, { uid: true }));
        };
        yield {
          name: `UID ${uid}`,
          raw: message.source,
          processed: moveTo(imap.processed),
          aside: moveTo(imap.aside),
        };
      }
    },
    async waitForNew(ms, signal) {
      signal?.throwIfAborted();
      if (hasNews) return;
      try {
        await waitForNew(client, ms, signal);
      } catch (error) {
        throw signal?.aborted ? signal.reason : failure(error);
      }
    },
    async close() {
      await withDeadline(client.logout(), imap.timeout, 'the logout').catch(() => client.close());
    },
  };
}

/** The command's result, or the signal's reason as soon as it is aborted. */
function unlessAborted<T>(command: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return command;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    command.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function waitForNew(client: ImapFlow, ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown) => {
      clearTimeout(timer);
      client.off('exists', onExists);
      client.off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onExists = () => settle();
    const onClose = () => settle(new Error('the connection ended'));
    const onAbort = () => settle(signal?.reason);
    const timer = setTimeout(() => settle(), ms);
    client.on('exists', onExists);
    client.on('close', onClose);
    signal?.addEventListener('abort', onAbort, { once: true });
    // ended by the next command
    client.idle().catch(settle);
  });
}

/** What the server said is in a field of its own; it holds no password. */
function describe(error: unknown): string {
  const { responseText, authenticationFailed } = error as {
    responseText?: unknown;
    authenticationFailed?: unknown;
  }; // the library's errors
  if (authenticationFailed === true) return 'the login was refused';
  return typeof responseText === 'string' ? responseText : messageOf(error);
}
