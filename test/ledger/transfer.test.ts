import { expect, test } from 'vitest';
import { useRedis } from '../support/redis.js';
import { CAMPAIGN, LEASE, NO_REPLY, REPLY, type TestLedger, testLedger } from './support.js';

const redis = useRedis();

async function exported({ ledger }: TestLedger): Promise<string[]> {
  const lines = [];
  for await (const line of ledger.export()) lines.push(line);
  return lines;
}

async function filled(): Promise<{ on: TestLedger; sent: string; waiting: string }> {
  const on = await testLedger(redis());
  const [sent = '', waiting = '', doubtful = ''] = await on.run(['ada', 'bob', 'cy']);
  for (const [delivery, result] of [
    [sent, { status: 'sent', reply: REPLY }],
    [doubtful, { status: 'uncertain', reply: NO_REPLY }],
  ] as const) {
    await on.ledger.claim(delivery, { token: 't', leaseMs: LEASE });
    await on.ledger.beginBody(delivery, 't');
    await on.ledger.record(delivery, 't', result);
  }
  await on.ledger.suppress({ address: 'eve@corp.example', reason: 'asked', since: 1, by: 'admin' });
  return { on, sent, waiting };
}

test('an import gives the same ledger, importing it twice changes nothing, and nobody is planned again', async () => {
  const { on, sent, waiting } = await filled();
  const lines = await exported(on);
  const copy = await testLedger(redis());
  expect(await copy.ledger.import(lines)).toEqual({ lines: lines.length });
  expect(await copy.ledger.import(lines)).toEqual({ lines: lines.length });

  expect(await copy.ledger.run('run-1')).toEqual(await on.ledger.run('run-1'));
  expect(await copy.ledger.counts(CAMPAIGN)).toEqual(await on.ledger.counts(CAMPAIGN));
  expect(await copy.ledger.delivery(sent)).toEqual(await on.ledger.delivery(sent));
  expect(await copy.ledger.history(sent)).toEqual(await on.ledger.history(sent));
  expect(await copy.ledger.known(CAMPAIGN, ['ada', 'bob'])).toEqual(
    await on.ledger.known(CAMPAIGN, ['ada', 'bob']),
  );
  expect(await copy.ledger.suppressed()).toEqual(await on.ledger.suppressed());
  expect(await copy.ledger.claim(sent, { token: 'n', leaseMs: LEASE })).toEqual({
    kind: 'done',
    status: 'sent',
  });
  const claim = await copy.ledger.claim(waiting, { token: 'n', leaseMs: LEASE });
  expect(claim.kind === 'claimed' && claim.payload.reveal()).toContain('correct horse');
  // It was written to since: the export is old now.
  await expect(copy.ledger.import(lines)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_NOT_EMPTY' });
  expect(lines.join('\n')).not.toContain('correct horse');
});

test('an export that is cut short or changed is refused, and the ledger stays closed until a whole one is imported', async () => {
  const { on } = await filled();
  const lines = await exported(on);
  const broken: [string, string[]][] = [
    ['cut short', lines.slice(0, -1)],
    ['a line missing', lines.filter((_, at) => at !== 3)],
    ['a line changed', lines.map((line) => line.replace('uid=ada', 'uid=eve'))],
    ['something after the end', [...lines, lines[1] ?? '']],
    ['no beginning', lines.slice(1)],
    ['rubbish', ['{"x":1}']],
  ];
  for (const [, wrong] of broken) {
    const copy = await testLedger(redis());
    await expect(copy.ledger.import(wrong)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_IMPORT' });
  }
  const copy = await testLedger(redis());
  await expect(copy.ledger.import(lines.slice(0, -1))).rejects.toThrow();
  await expect(testLedger(redis(), { prefix: copy.prefix })).rejects.toMatchObject({
    code: 'ROLLCALL_ERR_LEDGER_IMPORT',
  });
  await copy.ledger.import(lines);
  await expect(testLedger(redis(), { prefix: copy.prefix })).resolves.toBeDefined();
});

test('nothing is exported while a delivery is being sent', async () => {
  const { on, waiting } = await filled();
  await on.ledger.claim(waiting, { token: 'n', leaseMs: LEASE });
  await expect(exported(on)).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BUSY' });
});

test('an export during which the ledger changed says so in the end', async () => {
  const { on } = await filled();
  const lines = on.ledger.export()[Symbol.asyncIterator]();
  await lines.next();
  await on.ledger.unsuppress('eve@corp.example');
  const rest = async () => {
    while (!(await lines.next()).done);
  };
  await expect(rest()).rejects.toMatchObject({ code: 'ROLLCALL_ERR_LEDGER_BUSY' });
});

test('a person who is forgotten leaves no trace, and the runs keep their numbers', async () => {
  const { on, sent, waiting } = await filled();
  const again = await on.run(['ada']);
  expect(await on.ledger.forget('ada')).toBe(2);
  expect(await on.ledger.forget('bob', CAMPAIGN)).toBe(1);
  for (const delivery of [sent, waiting, ...again])
    expect(await on.ledger.delivery(delivery)).toBeUndefined();
  expect(await on.ledger.run('run-1')).toMatchObject({
    people: 3,
    counts: { sent: 1, cancelled: 1, uncertain: 1 },
  });
  const counts = await on.ledger.counts(CAMPAIGN);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(1);
  const client = redis().redis;
  for (const key of await client.keys(`${on.prefix}:*`)) {
    const dump = (await client.dumpBuffer(key)) ?? Buffer.of();
    for (const name of ['uid=ada', 'uid=bob', 'ada@', 'bob@'])
      expect([key, dump.includes(name)]).toEqual([key, false]);
  }
});

test('people who have long been gone, and runs of which nothing is kept, are erased by age', async () => {
  const on = await testLedger(redis());
  await on.run(['ada']);
  await on.run(['bob']);
  for (let read = 0; read < 2; read += 1) {
    const lock = await on.lock();
    await on.ledger.missed(lock, ['ada']);
    await lock.release();
  }
  expect(await on.ledger.prune(60_000)).toBe(0);
  expect(await on.ledger.prune(-60_000)).toBe(1);
  expect(await on.ledger.deliveriesOf(CAMPAIGN, 'ada')).toEqual([]);
  expect(await on.ledger.run('run-1')).toBeUndefined();
  expect(await on.ledger.run('run-2')).toBeDefined();
});
