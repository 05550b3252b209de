import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/lib/clock.js';
import { createThrottle, jitterMargin, type Throttle } from '../../src/mail/throttle.js';
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

const GO = { kind: 'go' };

/** For how long a domain's messages are told to step aside. */
async function asideFor(throttle: Throttle, domain: string): Promise<number> {
  const leave = await throttle.take(domain);
  if (leave.kind !== 'aside') throw new Error(`${domain}: ${leave.kind}`);
  return leave.ms;
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
          if ((await throttle.take('corp.example')).kind !== 'go') break;
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
  expect(await throttle.take('corp.example')).toEqual(GO);
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
  expect(await throttle.take('slow.partner.example')).toEqual(GO);
  const all = await redis.hget(`${prefix}:rate:*all`, 'next');
  expect(await asideFor(throttle, 'slow.partner.example')).toBeGreaterThan(55_000);
  expect(await redis.hget(`${prefix}:rate:*all`, 'next')).toBe(all);
  const other = await asideFor(throttle, 'fast.partner.example');
  expect(other).toBeGreaterThan(5_000);
  expect(other).toBeLessThan(11_000);
  expect(await throttle.take('corp.example')).toEqual(GO);
});

test('those who are told to come later are told different times', async () => {
  const { throttle } = fixture({ domains: [{ match: 'a.example', rate: perMinute(6) }] });
  expect(await throttle.take('a.example')).toEqual(GO);
  const first = await asideFor(throttle, 'a.example');
  const second = await asideFor(throttle, 'a.example');
  const third = await asideFor(throttle, 'a.example');
  expect(second - first).toBeGreaterThan(9_000);
  expect(third - second).toBeGreaterThan(9_000);
});

test('whoever is held up by the limit for everybody stays where he is, and is told when its next slot is', async () => {
  const { throttle } = fixture({ rate: perMinute(6) });
  expect(await throttle.take('a.example')).toEqual(GO);
  for (let asked = 0; asked < 3; asked++) {
    const leave = await throttle.take('a.example');
    expect(leave).toEqual({ kind: 'stay', ms: expect.any(Number) });
    expect(leave.kind === 'stay' && leave.ms).toBeLessThan(11_000);
  }
});

test('whoever comes a little before the turn of the domain stays, and keeps the place in the line', async () => {
  const { throttle, prefix } = fixture({ domains: [{ match: 'a.example', rate: perMinute(6) }] });
  expect(await throttle.take('a.example')).toEqual(GO);
  await asideFor(throttle, 'a.example');
  const [seconds, micros] = await redis.time();
  const soon = Number(seconds) * 1_000_000 + Number(micros) + 100_000;
  await redis.hset(`${prefix}:rate:a.example`, 'next', String(soon));
  const leave = await throttle.take('a.example');
  expect(leave.kind === 'go' || (leave.kind === 'stay' && leave.ms <= 100)).toBe(true);
});

test('a near slot is taken at once and waited for', async () => {
  const { throttle, slept } = fixture({ rate: perSecond(10) });
  expect(await throttle.take('a.example')).toEqual(GO);
  expect(await throttle.take('a.example')).toEqual(GO);
  expect(slept).toHaveLength(1);
  expect(slept[0]).toBeLessThanOrEqual(120);
});

test('a slot that the process comes too late for is given up, and the next one taken', async () => {
  const times = [0, 5_000, 5_000, 5_000];
  const prefix = `throttle-${prefixes++}`;
  const throttle = createThrottle({
    redis,
    prefix,
    clock: { now: () => times.shift() ?? 0, sleep: async () => {} },
    settings: { rate: perSecond(10), domains: [] },
  });
  const [seconds, micros] = await redis.time();
  expect(await throttle.take('a.example')).toEqual(GO);
  expect(times).toEqual([]);
  const next = Number(await redis.hget(`${prefix}:rate:*all`, 'next'));
  expect(next - Number(seconds) * 1_000_000 - Number(micros)).toBeGreaterThanOrEqual(240_000);
});

test('a clock of the server that was set back an hour holds nobody up', async () => {
  const { throttle, prefix } = fixture({ rate: perSecond(10) });
  const [seconds] = await redis.time();
  await redis.hset(`${prefix}:rate:*all`, 'next', String((Number(seconds) + 3_600) * 1_000_000));
  expect(await throttle.take('a.example')).toEqual(GO);
});

test('limits forgotten by Redis, and scripts, are made again', async () => {
  const { throttle } = fixture({ rate: perSecond(100) });
  expect(await throttle.take('a.example')).toEqual(GO);
  await redis.script('FLUSH');
  expect(await throttle.take('a.example')).toEqual(GO);
});
