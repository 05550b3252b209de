import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../../src/lib/processes.js';
import type { BenchOptions } from './options.js';
import type { Samples } from './samples.js';
import { startSink } from './sink.js';

/** What the sink takes from Postfix's own smtp-source, where that is installed: more than any contender gives it. */
export async function measureSink(
  samples: Samples,
  { messages, connections, rounds }: BenchOptions,
): Promise<void> {
  const program = await findProgram('smtp-source');
  if (program === undefined) return;
  const count = 2 * messages;
  for (let round = 0; round < rounds; round += 1)
    await samples.take('the sink alone', async () => {
      const sink = await startSink();
      try {
        const size = ['-l', '22000', '-m', `${count}`, '-s', `${connections}`];
        const addresses = ['-f', 'video@corp.example', '-t', 'u@corp.example'];
        const child = spawn(program, ['-d', ...size, ...addresses, `127.0.0.1:${sink.port}`], {
          stdio: 'ignore',
        });
        const ended = once(child, 'exit');
        const { perSecond, cpuMicros } = await sink.take(count);
        await ended;
        return { value: perSecond, notes: cpuMicros };
      } finally {
        await sink.stop();
      }
    });
}
