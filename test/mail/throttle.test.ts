import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/lib/clock.js';
import { createThrottle, jitterMargin } from '../../src/mail/throttle.js';
import { type SandboxRedis, startSandboxRedis } from '../../src/sandbox/redis.js';
import type { Rate } from '../../src/settings/fields.js';
import { compile } from '../support/compile.js';

let dir: string;
let server: SandboxRedis;
let redis: Redis;
let prefixes = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-throttle-'));
  server = await startSandboxRedis({ dir, appendfsync: 'no' });
  redis = new Redis({ path: server.path });
});

afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
  await rm(dir, { recursive: true });
});

const perSecond = (count: number): Rate => ({ count, perMs: 1_000 });
const perMinute = (count: number): Rate => ({ count, perMs: 60_000 });

/** Notes how long it was told to sleep, and does not. */
function fixture(settings: { rate?: Rate; domains?: { match: string; rate: Rate }[] }) {
  const slept: number[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
  const prefix = `throttle-${prefixes++}`;
  const throttle = createThrottle({
    redis,
    prefix,
    clock,
    settings: { rate: settings.rate, domains: settings.domains ?? [] },
  });
  return { throttle, slept, prefix };
}

test('four processes together never send more than the rate in any second', async () => {
  const compiled = await compile(['test/mail/throttle-process.ts'], ['src/mail/scripts/take-slot.lua']);
  try {
    const outputs = await Promise.all(
      ['corp.example,eu.partner.example', 'corp.example', 'corp.example', 'corp.example'].map((domains) =>
        promisify(execFile)(process.execPath, [
          compiled.file('test/mail/throttle-process.ts'),
          server.path,
          'four',
          domains,
          '4',
          '2500',
        ]),
      ),
    );
    const sent = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as { domain: string; at: number }[]); // what the process wrote
    expect(sent.length).toBeGreaterThan(20);
    expect(busiestSecond(sent.map(({ at }) => at))).toBeLessThanOrEqual(40);
    const partner = sent.filter(({ domain }) => domain === 'eu.partner.example');
    expect(partner.length).toBeGreaterThan(2);
    expect(busiestSecond(partner.map(({ at }) => at))).toBeLessThanOrEqual(10);
  } finally {
    await compiled.remove();
  }
});

function busiestSecond(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((start, i) => sorted.slice(i).filter((at) => at - start < 1_000).length));
}

test('the slots that are given are as far apart as the rate and its margin say, whatever the rate', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom(1_000, 60_000, 3_600_000),
      async (count, perMs) => {
        const rate = { count, perMs };
        const { throttle, prefix } = fixture({ rate });
        const interval = (perMs + jitterMargin(rate)) / count;
        const slots: number[] = [];
        for (let i = 0; i < 5; i++) {
          if ((await throttle.take('corp.example')) > 0) break;
          slots.push(Number(await redis.hget(`${prefix}:rate:*all`, 'next')) / 1_000 - interval);
        }
        for (const [i, slot] of slots.slice(1).entries())
          expect(slot - (slots[i] ?? 0)).toBeGreaterThanOrEqual(interval - 0.01);
      },
    ),
    { numRuns: 60 },
  );
});

test('where no limit holds, Redis is not asked', async () => {
  const { throttle } = fixture({ domains: [{ match: 'partner.example', rate: perMinute(1) }] });
  const calls = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  const before = await calls();
  expect(await throttle.take('corp.example')).toBe(0);
  expect((await calls()) - before).toBe(1); // the INFO itself
});

test('the smallest limit that matches holds, and takes nothing from the others when it says no', async () => {
  const { throttle, prefix } = fixture({
    rate: perSecond(1_000),
    domains: [
      { match: '*.partner.example', rate: perMinute(6) },
      { match: 'slow.partner.example', rate: perMinute(1) },
    ],
  });
  expect(await throttle.take('slow.partner.example')).toBe(0);
  const all = await redis.hget(`${prefix}:rate:*all`, 'next');
  const wait = await throttle.take('slow.partner.example');
  expect(wait).toBeGreaterThan(55_000);
  expect(await redis.hget(`${prefix}:rate:*all`, 'next')).toBe(all);
  const other = await throttle.take('fast.partner.example');
  expect(other).toBeGreaterThan(5_000);
  expect(other).toBeLessThan(11_000);
  expect(await throttle.take('corp.example')).toBe(0);
});

test('those who are told to come later are told different times', async () => {
  const { throttle } = fixture({ rate: perMinute(6) });
  expect(await throttle.take('a.example')).toBe(0);
  const waits = [
    await throttle.take('a.example'),
    await throttle.take('a.example'),
    await throttle.take('a.example'),
  ];
  const [first = 0, second = 0, third = 0] = waits;
  expect(second - first).toBeGreaterThan(9_000);
  expect(third - second).toBeGreaterThan(9_000);
});

test('a near slot is taken at once and waited for', async () => {
  const { throttle, slept } = fixture({ rate: perSecond(10) });
  expect(await throttle.take('a.example')).toBe(0);
  expect(await throttle.take('a.example')).toBe(0);
  expect(slept).toHaveLength(1);
  expect(slept[0]).toBeLessThanOrEqual(120);
});

test('a clock of the server that was set back an hour holds nobody up', async () => {
  const { throttle, prefix } = fixture({ rate: perSecond(10) });
  const [seconds] = await redis.time();
  await redis.hset(`${prefix}:rate:*all`, 'next', String((Number(seconds) + 3_600) * 1_000_000));
  expect(await throttle.take('a.example')).toBe(0);
});

test('limits forgotten by Redis, and scripts, are made again', async () => {
  const { throttle } = fixture({ rate: perSecond(100) });
  expect(await throttle.take('a.example')).toBe(0);
  await redis.script('FLUSH');
  expect(await throttle.take('a.example')).toBe(0);
});
