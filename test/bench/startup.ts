import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BenchOptions } from './options.js';
import { MAIN } from './place.js';
import { median, type Samples } from './samples.js';

/** So many starts give one sample of a round: they are short, and one would be noise. */
const STARTS = 10;

/** `--help` beside a Node that does nothing. */
export async function measureStartup(samples: Samples, { rounds }: BenchOptions): Promise<void> {
  const timed = async (args: readonly string[]) => ({ value: median(await startOften(args)) });
  for (let round = 0; round < rounds; round += 1) {
    const turns = [
      () => samples.take('--help, ms', () => timed([MAIN, '--help'])),
      () => samples.take('node -e 0, ms', () => timed(['-e', '0'])),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
}

async function startOften(args: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let time = 0; time < STARTS; time += 1) {
    const started = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
    times.push(performance.now() - started);
  }
  return times;
}
