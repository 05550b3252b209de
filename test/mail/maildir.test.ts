import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMailFolder } from '../../src/mail/maildir.js';
import { startMailCatcher } from '../../src/sandbox/mail-catcher.js';
import { messageOfId, relayTo, sendOne } from './relay-fixtures.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-maildir-'));
});

afterEach(() => rm(dir, { recursive: true }));

async function readAll() {
  const seen: string[] = [];
  for await (const message of readMailFolder(dir)) {
    seen.push(message.raw.toString());
    await (message.raw.includes('ours') ? message.processed() : message.aside());
  }
  return seen;
}

test('a folder of .eml files is read in the order of their names, and stays as it is', async () => {
  await writeFile(join(dir, '2.eml'), 'b');
  await writeFile(join(dir, '1.eml'), 'ours');
  await writeFile(join(dir, 'notes.txt'), 'c');
  expect(await readAll()).toEqual(['ours', 'b']);
  expect(await readAll()).toEqual(['ours', 'b']);
  expect((await readdir(dir)).sort()).toEqual(['1.eml', '2.eml', 'notes.txt']);
});

test('of a Maildir, new and cur are read once and sorted into two folders, and tmp is left alone', async () => {
  for (const [folder, name, text] of [
    ['tmp', '1.a', 'half'],
    ['new', '2.a', 'ours'],
    ['cur', '3.a:2,S', 'x'],
  ] as const) {
    await mkdir(join(dir, folder));
    await writeFile(join(dir, folder, name), text);
  }
  expect(await readAll()).toEqual(['ours', 'x']);
  expect(await readAll()).toEqual([]);
  expect(await readdir(join(dir, 'rollcall-processed'))).toEqual(['2.a']);
  expect(await readdir(join(dir, 'rollcall-aside'))).toEqual(['3.a:2,S']);
  expect(await readdir(join(dir, 'tmp'))).toEqual(['1.a']);
});

test('a folder that is not there is an error that names it', async () => {
  await expect(readMailFolder(join(dir, 'none')).next()).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_MAILBOX',
  });
});

test('the mail catcher writes each message to a file that only its owner can read', async () => {
  const catcher = await startMailCatcher({ dir: join(dir, 'caught') });
  const relay = relayTo(catcher.port);
  try {
    await Promise.all(['one', 'two', 'three'].map((id) => sendOne(relay, id)));
    expect(catcher.count).toBe(3);
  } finally {
    await relay.close();
    await catcher.stop();
  }
  const files = await readdir(join(dir, 'caught'));
  expect(files.sort()).toEqual([
    '00001-ada@corp.example.eml',
    '00002-ada@corp.example.eml',
    '00003-ada@corp.example.eml',
  ]);
  const { mode, size } = await stat(join(dir, 'caught', files[0] ?? ''));
  expect(mode & 0o777).toBe(0o600);
  expect(size).toBe(messageOfId('one').length);
});
