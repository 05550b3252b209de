import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { waitFor } from '../../src/lib/deadline.js';
import { startSandboxRedis } from '../../src/sandbox/redis.js';
import { startFaultSmtp } from '../support/fault-smtp.js';
import { randomFrom } from '../support/random.js';
import type { Running } from '../support/rollcall.js';
import { type Findings, judge, type PersonReport } from './oracle.js';
import { startProgram } from './program.js';
import { misbehave } from './soak-faults.js';
import { CAMPAIGN, openSoakPlace, PREFIX } from './soak-place.js';

export interface SoakOptions {
  /** The repository. */
  readonly root: string;
  readonly seed: number;
  readonly people: number;
  /** One worker is killed every half second, so many times. */
  readonly kills: number;
  readonly tell?: (line: string) => void;
}

export interface SoakResult extends Findings {
  readonly seconds: number;
  readonly plannersKilled: number;
  readonly redisKilled: number;
}

const WORKERS = 3;
const KILL_EVERY_MS = 500;
const SETTLE_MS = 120_000;

/**
 * Plans and sends to everybody while planners, workers and Redis are killed and the server misbehaves, waits until
 * nothing is open any more, and compares what the server took with what the ledger says.
 */
export async function soak({ root, seed, people, kills, tell = () => {} }: SoakOptions): Promise<SoakResult> {
  const began = Date.now();
  const random = randomFrom(seed);
  const smtp = await startFaultSmtp({ plan: misbehave(randomFrom(seed + 1)), latencyMs: 10, keepRaw: false });
  const place = await openSoakPlace({
    root,
    people,
    smtpPort: smtp.port,
    retry: '1s',
    redisPath: (dir) => join(dir, 'redis.sock'),
  });
  const start = (...args: string[]) => startProgram({ root, config: place.config }, ...args);
  let server = await startSandboxRedis({ dir: place.dir });
  const redis = new Redis({ path: server.path, retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => {}); // it is killed on purpose
  const workers: Running[] = [];
  const isWorking = (worker: Running) => worker.isRunning() && worker.log().includes('"working"');
  let redisKilled = 0;
  // One that ended by itself, because Redis was away when it started, is followed by another just the same.
  const keepRunning = () => {
    for (let at = 0; at < WORKERS; at += 1)
      if (!workers[at]?.isRunning()) workers.splice(at, 1, start('work'));
  };

  try {
    await start('key', 'create').finished;
    const planning = plan({ start, redis, random, people, tell });
    const redisDiesAt = new Set([Math.floor(kills / 3), Math.floor((2 * kills) / 3)]);
    let mailsBefore = -1;
    for (let kill = 0; kill < kills; ) {
      keepRunning();
      await pause(KILL_EVERY_MS);
      // On a machine so slow that none comes to work within half a second, killing them faster would prove nothing.
      if (smtp.mailTimes.length === mailsBefore && (await openDeliveries(redis)) > 0) continue;
      const working = workers.filter(isWorking);
      const victim = working[Math.floor(random() * working.length)];
      if (victim === undefined) continue;
      victim.kill('SIGKILL');
      await victim.finished;
      kill += 1;
      mailsBefore = smtp.mailTimes.length;
      if (redisDiesAt.has(kill)) {
        process.kill(server.pid, 'SIGKILL');
        redisKilled += 1;
        tell(`Redis killed after ${smtp.received.length} messages`);
        await pause(random() * 1_500);
        server = await startSandboxRedis({ dir: place.dir });
      }
    }
    tell(`${kills} workers killed, ${smtp.received.length} messages taken`);
    const plannersKilled = await planning;

    await waitFor(
      async () => {
        keepRunning();
        // One that has not come to work yet does not know what SIGTERM asks of it.
        return workers.every(isWorking) && (await openDeliveries(redis)) === 0;
      },
      { ms: SETTLE_MS, what: 'every delivery to be final', everyMs: 250 },
    );
    for (const worker of workers) worker.kill('SIGTERM');
    const exits = await Promise.all(workers.map(async ({ finished }) => (await finished).code));

    const report = join(place.dir, 'report.json');
    const reported = await start('report', CAMPAIGN, '--format', 'json', '--out', report).finished;
    if (reported.code !== 0) throw new Error('no report');
    const { stdout } = await start('status', CAMPAIGN, '--json').finished;
    const found = judge({
      people: (JSON.parse(await readFile(report, 'utf8')) as { people: PersonReport[] }).people, // the program's own format
      status: JSON.parse(stdout),
      received: smtp.received,
      expected: people,
    });
    const odd = exits
      .filter((code) => code !== 0)
      .map((code) => `A worker that was told to stop ended with ${code}.`);
    return {
      ...found,
      problems: [...found.problems, ...odd],
      seconds: Math.round((Date.now() - began) / 1_000),
      plannersKilled,
      redisKilled,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    redis.disconnect();
    await server.stop();
    await smtp.stop();
    await place.remove();
  }
}

/** Plans until it is done; the first planner is killed somewhere in the middle of what it writes. */
async function plan(context: {
  start: (...args: string[]) => Running;
  redis: Redis;
  random: () => number;
  people: number;
  tell: (line: string) => void;
}): Promise<number> {
  const { start, redis, random, people, tell } = context;
  const enough = random() * people * 0.6;
  let killed = 0;
  for (;;) {
    const planner = start('run', CAMPAIGN, '--json');
    if (killed === 0) {
      const inTheMiddle = waitFor(async () => (await planned(redis)) > enough, {
        ms: 60_000,
        what: 'a planner to write',
        everyMs: 1,
      });
      await Promise.race([inTheMiddle, planner.finished]);
      planner.kill('SIGKILL');
    }
    const { code, stdout } = await planner.finished;
    tell(`planner: ${code}, ${await planned(redis)} planned`);
    if (code === 'SIGKILL') killed += 1;
    // 1: planned, with people who are skipped for a fault; 3: the one that was killed still holds the lock.
    else if (code === 0 || code === 1) return killed;
    else if (code !== 3 && code !== 4)
      throw new Error(`the planner ended with ${code}: ${stdout}${planner.log()}`);
    else await pause(1_000);
  }
}

const planned = (redis: Redis) => redis.hlen(`${PREFIX}:ledger:c:${CAMPAIGN}:people`);

async function openDeliveries(redis: Redis): Promise<number> {
  const counts = await redis.hmget(`${PREFIX}:ledger:c:${CAMPAIGN}:n`, 'queued', 'sending', 'deferred');
  return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
