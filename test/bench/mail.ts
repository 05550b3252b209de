import { cpuOf } from './machine.js';
import type { BenchOptions } from './options.js';
import { contender, FROM, type Fresh, type Place } from './place.js';
import type { Samples } from './samples.js';
import { startSink, type Taken } from './sink.js';

/** The contenders, in the order of an even round; an odd one has it reversed. */
export async function measureMail(place: Place, samples: Samples, options: BenchOptions): Promise<void> {
  const { messages, connections, rounds } = options;
  const mails = place.file('mails.ndjson');
  await place.writeMails(mails);
  const few = Math.max(1, Math.ceil(messages / 5));
  const script = (compile: 'once' | 'each', port: number, count: number) => {
    const { ldapUrl: url, template } = place;
    const told = {
      url,
      base: place.baseOf('mails'),
      template,
      port,
      connections,
      messages: count,
      compile,
      from: FROM,
    };
    return contender('script', [JSON.stringify(told)]);
  };
  const one = (start: (port: number) => ReturnType<typeof contender>, count: number) => async () => {
    const sink = await startSink();
    try {
      const started = start(sink.port);
      const taken = await Promise.race([sink.take(count), failed(started.ended)]);
      const { cpuSeconds } = await started.ended;
      return sampleOf(taken, { 'CPU µs': (cpuSeconds * 1e6) / count });
    } finally {
      await sink.stop();
    }
  };

  for (let round = 0; round < rounds; round += 1) {
    const turns = [
      () =>
        samples.take(
          'nodemailer',
          one((port) => contender('nodemailer', [`${port}`, `${connections}`, mails]), messages),
        ),
      () => samples.take('rollcall', () => rollcall(place, messages)),
      () =>
        samples.take(
          'script',
          one((port) => script('once', port, messages), messages),
        ),
      () =>
        samples.take(
          'naive',
          one((port) => script('each', port, few), few),
        ),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
}

/** Plans beforehand, for that is measured elsewhere; then a worker claims, renders, sends and records. */
async function rollcall(place: Place, messages: number) {
  const sink = await startSink();
  try {
    const { rollcall: start } = await place.fresh(sink.port);
    await start('run', 'mails', '--json').ended;
    const redisBefore = cpuOf(place.redisPid);
    const worker = start('work');
    const taken = await Promise.race([sink.take(messages), failed(worker.ended)]);
    const redis = cpuOf(place.redisPid) - redisBefore;
    worker.stop();
    const { cpuSeconds } = await worker.ended;
    await checkAllSent(start, messages);
    return sampleOf(taken, {
      'CPU µs': (cpuSeconds * 1e6) / messages,
      'Redis CPU µs': (redis * 1e6) / messages,
    });
  } finally {
    await sink.stop();
  }
}

/** A contender that fails must not be waited for. */
const failed = (ended: Promise<unknown>): Promise<never> =>
  new Promise((_, reject) => {
    ended.catch(reject);
  });

function sampleOf({ perSecond, sinkMicros }: Taken, notes: Record<string, number>) {
  return { value: perSecond, notes: { ...notes, 'sink CPU µs': sinkMicros } };
}

/** A number is worth nothing where the ledger does not have each message as sent. */
async function checkAllSent(start: Fresh['rollcall'], messages: number): Promise<void> {
  const { stdout } = await start('status', 'mails', '--json').ended;
  const { counts } = JSON.parse(stdout) as { counts: { sent: number } }; // Rollcall's own document
  if (counts.sent !== messages) throw new Error(`the ledger has ${counts.sent} of ${messages} as sent`);
}
