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
      const taken = await Promise.race([sink.take(count, { its: started.pid }), failed(started.ended)]);
      await started.ended;
      return sampleOf(taken);
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
    const worker = start('work');
    const processes = { its: worker.pid, Redis: place.redisPid };
    const taken = await Promise.race([sink.take(messages, processes), failed(worker.ended)]);
    worker.stop();
    await worker.ended;
    await checkAllSent(start, messages);
    return sampleOf(taken);
  } finally {
    await sink.stop();
  }
}

/** A contender that fails must not be waited for. */
const failed = (ended: Promise<unknown>): Promise<never> =>
  new Promise((_, reject) => {
    ended.catch(reject);
  });

const sampleOf = ({ perSecond, cpuMicros }: Taken) => ({ value: perSecond, notes: cpuMicros });

/** A number is worth nothing where the ledger does not have each message as sent. */
async function checkAllSent(start: Fresh['rollcall'], messages: number): Promise<void> {
  const { stdout } = await start('status', 'mails', '--json').ended;
  const { counts } = JSON.parse(stdout) as { counts: { sent: number } }; // Rollcall's own document
  if (counts.sent !== messages) throw new Error(`the ledger has ${counts.sent} of ${messages} as sent`);
}
