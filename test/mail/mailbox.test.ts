import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../src/lib/processes.js';
import { openMailbox } from '../../src/mail/mailbox.js';
import { checkMailbox } from '../../src/mail/mailbox-check.js';
import { bouncesSchema } from '../../src/mail/schema.js';
import { startDovecot } from '../support/dovecot.js';

const hasDovecot = (await findProgram('dovecot')) !== undefined && process.getuid?.() === 0;

describe.skipIf(!hasDovecot)('a mailbox on a real IMAP server', () => {
  let dir: string;
  let server: Awaited<ReturnType<typeof startDovecot>>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-dovecot-'));
    server = await startDovecot(dir, { user: 'bounces', password: 's3cret-word' });
  });

  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true });
  });

  const settings = (more: object = {}) => {
    const { imap } = bouncesSchema({ dir: '/' }).parse({
      imap: {
        host: '127.0.0.1',
        port: server.port,
        tls: 'none',
        user: 'bounces',
        password: 's3cret-word',
        timeout: '10s',
        ...more,
      },
    });
    if (imap === undefined) throw new Error('imap was given');
    return imap;
  };
  const arrive = (name: string, text: string) =>
    writeFile(
      join(server.maildir, 'new', name),
      `From: x@corp.example\r\nSubject: ${text}\r\n\r\n${text}\r\n`,
    );

  test('messages are read in their order and moved to the two folders, and IDLE tells of a new one', async () => {
    await arrive('1.a', 'ours');
    await arrive('2.a', 'other');
    const mailbox = await openMailbox(settings(), false);
    const subjects: string[] = [];
    const readAll = async () => {
      for await (const message of mailbox.messages()) {
        const text = message.raw.toString();
        subjects.push(/Subject: (\S+)/.exec(text)?.[1] ?? '');
        await (text.includes('ours') ? message.processed() : message.aside());
      }
    };
    try {
      await readAll();
      expect(subjects).toEqual(['ours', 'other']);
      const news = mailbox.waitForNew(15_000);
      await arrive('3.a', 'third');
      await news;
      await readAll();
      expect(subjects).toEqual(['ours', 'other', 'third']);
    } finally {
      await mailbox.close();
    }
    const processed = await openMailbox(settings({ mailbox: 'Rollcall-Processed' }), false);
    const names: string[] = [];
    for await (const { name } of processed.messages()) names.push(name);
    await processed.close();
    expect(names).toEqual(['UID 1']);
  });

  test('a refused login is an error that does not name the password', async () => {
    const failed = openMailbox(settings({ password: 'wr0ng-word' }), false);
    await expect(failed).rejects.toMatchObject({ code: 'ROLLCALL_ERR_MAILBOX' });
    await expect(failed).rejects.not.toThrow(/wr0ng/);
  });

  test('a check says whether the login works', async () => {
    expect(await checkMailbox(settings(), false)).toMatchObject({ state: 'ok' });
    expect(await checkMailbox(settings({ password: 'wr0ng-word' }), false)).toMatchObject({
      state: 'failed',
      code: 'ROLLCALL_ERR_MAILBOX',
      detail: expect.stringContaining('the login was refused'),
    });
  });

  test('STARTTLS that is not offered is an error, and nothing is said in the clear', async () => {
    await expect(openMailbox(settings({ tls: 'starttls' }), false)).rejects.toMatchObject({
      code: 'ROLLCALL_ERR_MAILBOX',
    });
  });

  test('a server that never says a word is left as soon as the signal comes', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', () => resolve()));
    const stop = new AbortController();
    const connected = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo; // it listens on TCP
    const opening = openMailbox(settings({ port }), false, stop.signal);
    opening.catch(() => {});
    const [socket] = await connected;
    stop.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
    socket.destroy();
    silent.close();
  });

  test('without TLS another machine is refused', async () => {
    await expect(openMailbox(settings({ host: 'mail.corp.example' }), false)).rejects.toMatchObject({
      code: 'ROLLCALL_ERR_PLAINTEXT',
    });
  });
});
