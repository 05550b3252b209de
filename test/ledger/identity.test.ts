import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLedger } from '../../src/ledger/ledger.js';
import { systemClock } from '../../src/lib/clock.js';
import { createKey, fixedKeyring, type Keyring, loadKeyring } from '../../src/lib/keyring.js';
import { silentLogger } from '../../src/lib/log.js';
import { useRedis } from '../support/redis.js';
import { CAMPAIGN, entry, LEASE, REPLY, testLedger, totals } from './support.js';

const redis = useRedis();
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-identity-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = (prefix: string, markFile: string, keyring: Keyring = fixedKeyring(), forImport = false) =>
  createLedger({
    redis: redis().redis,
    prefix,
    keyring,
    clock: systemClock,
    log: silentLogger,
    markFile,
    forImport,
  });

test('a flushed Redis is noticed by every script of a running process, and nothing is written', async () => {
  const { ledger, prefix, one, lock } = await testLedger(redis());
  const delivery = await one();
  const held = await lock();
  await ledger.begin(held, { run: 'r2', trigger: 'manual' });
  await redis().redis.flushall();
  const gone = { code: 'ROLLCALL_ERR_LEDGER_BEHIND', exitCode: 4 };
  await expect(ledger.plan(held, 'r2', [entry('bob')])).rejects.toMatchObject(gone);
  await expect(ledger.claim(delivery, { token: 't', leaseMs: LEASE })).rejects.toMatchObject(gone);
  await expect(ledger.record(delivery, 't', { status: 'sent', reply: REPLY })).rejects.toMatchObject(gone);
  await expect(ledger.seal(held, 'r2', totals(1))).rejects.toMatchObject(gone);
  await expect(ledger.sweep(10)).rejects.toMatchObject(gone);
  expect(await redis().redis.keys(`${prefix}:*`)).toEqual([]);
});

test('a Redis that was flushed, or is older than the mark beside the key, is refused at the start', async () => {
  const prefix = redis().prefix();
  const mark = join(dir, 'key.ledger');
  const ledger = await open(prefix, mark);
  const lock = await ledger.lock(CAMPAIGN, { holder: 'a', leaseMs: LEASE });
  await ledger.begin(lock, { run: 'r1', trigger: 'manual' });
  await ledger.seal(lock, 'r1', totals(0));
  await expect(open(prefix, mark)).resolves.toBeDefined();
  await redis().redis.hset(`${prefix}:ledger:meta`, 'epoch', 1);
  await expect(open(prefix, mark)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });

  await redis().redis.flushall();
  await expect(open(prefix, mark)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });
  expect(await redis().redis.keys('*')).toEqual([]);

  await open(prefix, join(dir, 'other-machine'));
  await expect(open(prefix, mark)).rejects.toThrow('another ledger');
  await writeFile(mark, 'rubbish');
  await expect(open(prefix, mark)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });
});

test('a lost ledger comes back by its last export, and not by an older one or by that of another', async () => {
  const prefix = redis().prefix();
  const mark = join(dir, 'key.ledger');
  const exported = async (of: Awaited<ReturnType<typeof open>>) => {
    const lines = [];
    for await (const line of of.export()) lines.push(line);
    return lines;
  };
  const other = await exported((await testLedger(redis())).ledger);
  const ledger = await open(prefix, mark);
  const early = await exported(ledger);
  const lock = await ledger.lock(CAMPAIGN, { holder: 'a', leaseMs: LEASE });
  await ledger.begin(lock, { run: 'r1', trigger: 'manual' });
  await ledger.seal(lock, 'r1', totals(0));
  const late = await exported(ledger);
  await redis().redis.flushall();

  const fresh = await open(prefix, mark, fixedKeyring(), true);
  for (const lines of [early, other])
    await expect(fresh.import(lines)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });
  // The empty ledger that is there now hides nothing: it is not the one this machine knows.
  await expect(open(prefix, mark)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BEHIND' });
  expect(await (await open(prefix, mark, fixedKeyring(), true)).import(late)).toEqual({ lines: late.length });
  expect((await (await open(prefix, mark)).run('r1'))?.state).toBe('done');
});

test('a mark that cannot be written is no reason to stop', async () => {
  await expect(open(redis().prefix(), join(dir, 'nowhere', 'mark'))).resolves.toBeDefined();
});

test('another key is refused; one that names the old key takes the ledger over and opens what was sealed before', async () => {
  const prefix = redis().prefix();
  const [first, second] = [join(dir, 'first.key'), join(dir, 'second.key')];
  const before = await testLedger(redis(), { keyring: await createKey(first), prefix });
  const delivery = await before.one();

  const stranger = await createKey(second);
  await expect(open(prefix, join(dir, 'm'), stranger)).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_LEDGER_KEY',
    exitCode: 4,
  });
  await open(prefix, join(dir, 'm'), await loadKeyring({ file: second, previous: [first] }));
  // Sealed anew: the old key is not needed any more.
  const after = await open(prefix, join(dir, 'm'), await loadKeyring({ file: second, previous: [] }));
  const claim = await after.claim(delivery, { token: 't', leaseMs: LEASE });
  expect(claim.kind === 'claimed' && claim.payload.reveal()).toContain('correct horse');
  expect(await readFile(first, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
});

test('a ledger of a newer layout is refused', async () => {
  const prefix = redis().prefix();
  await open(prefix, join(dir, 'm'));
  await redis().redis.hset(`${prefix}:ledger:meta`, 'version', 99);
  await expect(open(prefix, join(dir, 'm'))).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_VERSION' });
});

test('no password is found anywhere in Redis, and a payload moved to another delivery does not open', async () => {
  const { ledger, prefix, run } = await testLedger(redis());
  const [ada = '', bob = ''] = await run(['ada', 'bob']);
  const client = redis().redis;
  const keys = await client.keys(`${prefix}:*`);
  expect(keys.length).toBeGreaterThan(8);
  for (const key of keys) {
    // DUMP may compress long strings, so that strings are looked at as they are, too.
    const dump = (await client.dumpBuffer(key)) ?? Buffer.of();
    const text = (await client.type(key)) === 'string' ? await client.getBuffer(key) : null;
    for (const bytes of [dump, text ?? Buffer.of()]) expect(bytes.includes('correct horse')).toBe(false);
  }
  await client.copy(`${prefix}:ledger:p:${ada}`, `${prefix}:ledger:p:${bob}`, 'REPLACE');
  await expect(ledger.claim(bob, { token: 't', leaseMs: LEASE })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_SEAL',
  });
});
