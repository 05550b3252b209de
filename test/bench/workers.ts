import { freePort } from '../../src/lib/processes.js';
import type { BenchOptions } from './options.js';
import type { Place } from './place.js';
import { compiled, startNode } from './processes.js';
import type { Samples } from './samples.js';
import { startSink } from './sink.js';

const ROUND_TRIP_MS = 50;

/** Two workers beside one, each with its own connections to a relay that is far away. */
export async function measureWorkers(place: Place, samples: Samples, options: BenchOptions): Promise<void> {
  const { connections, messages } = options;
  // Two round trips a message: so many keep one worker busy for some twenty seconds.
  const count = Math.min(messages, 200 * connections);
  for (let round = 0; round < options.rounds; round += 1)
    for (const workers of round % 2 === 0 ? [1, 2] : [2, 1])
      await samples.take(`workers: ${workers}`, () => farAway(place, workers, count));
}

async function farAway(place: Place, workers: number, count: number) {
  const sink = await startSink();
  const port = await freePort();
  const delay = startNode([compiled('delay-process'), `${port}`, `${sink.port}`, `${ROUND_TRIP_MS}`]);
  try {
    const { rollcall } = await place.fresh(port);
    await rollcall('run', 'mails', '--json').ended;
    const working = Array.from({ length: workers }, () => rollcall('work'));
    // They do not start and end at one instant, so the first and the last tenth are left out, for one as for two.
    const { perSecondWithinRun } = await sink.take(count);
    for (const worker of working) worker.stop();
    for (const worker of working) await worker.ended;
    return { value: perSecondWithinRun };
  } finally {
    delay.stop();
    await sink.stop();
  }
}
