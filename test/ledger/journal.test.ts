import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal } from '../../src/ledger/journal.js';
import { systemClock } from '../../src/lib/clock.js';
import { useRedis } from '../support/redis.js';
import { LEASE, REPLY, testLedger } from './support.js';

const redis = useRedis();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-journal-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('an accepted reply of a process that died turns uncertain into sent, once', async () => {
  const { ledger, one } = await testLedger(redis());
  const delivery = await one();
  await ledger.claim(delivery, { token: 't', leaseMs: LEASE });
  await ledger.beginBody(delivery, 't');
  await ledger.renew(delivery, 't', 0);
  await ledger.sweep(10);
  const whole = JSON.stringify({ delivery, token: 't', reply: REPLY, at: 1 });
  await writeFile(join(dir, `${await deadPid()}.1.x.ndjson`), `${whole}\n${whole.slice(0, 30)}`);

  const journal = await createJournal({ dir, clock: systemClock });
  expect(await journal.replay(ledger)).toBe(1);
  expect((await ledger.delivery(delivery))?.status).toBe('sent');
  expect(await journal.replay(ledger)).toBe(0);
  await journal.close();
  expect(await readdir(dir)).toEqual([]);
});

test('what the ledger never took is on disk and outlives the process; what it took is not kept', async () => {
  const journal = await createJournal({ dir, clock: systemClock });
  await Promise.all(['a', 'b', 'c'].map((delivery) => journal.accepted(delivery, 't', REPLY)));
  journal.done('a');
  journal.done('b');
  await journal.close();
  const [file = ''] = await readdir(dir);
  const lines = (await readFile(join(dir, file), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).delivery)).toEqual(['a', 'b', 'c']);
});

test('a file whose replies were all taken begins anew once it has grown', async () => {
  const journal = await createJournal({ dir, clock: systemClock });
  const long = { ...REPLY, text: 'x'.repeat(300_000) };
  await journal.accepted('a', 't', long);
  journal.done('a');
  await journal.accepted('b', 't', REPLY);
  const [file = ''] = await readdir(dir);
  expect((await readFile(join(dir, file), 'utf8')).length).toBeLessThan(1000);
  await journal.close();
});
