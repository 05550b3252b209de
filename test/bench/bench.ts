/**
 * Rollcall beside what people would use instead: in one run, on one machine, with the same people, template and messages,
 * each contender a process of its own, in alternating rounds. Run it with `npm run bench`.
 */
import { measureSink } from './flood.js';
import { describeMachine, machineTimes } from './machine.js';
import { measureMail } from './mail.js';
import { type BenchOptions, readOptions } from './options.js';
import { openPlace } from './place.js';
import { measurePlan } from './plan.js';
import { documentOf, tableOf } from './report.js';
import { createSamples } from './samples.js';
import { measureStartup } from './startup.js';
import { measureWorkers } from './workers.js';

async function bench(options: BenchOptions): Promise<void> {
  const tell = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
  const samples = createSamples(tell);
  const before = machineTimes();
  const began = performance.now();
  const machine = describeMachine();
  tell(machine);
  const { only } = options;
  if (only.includes('startup')) await measureStartup(samples, options);
  if (only.some((measure) => measure !== 'startup')) {
    const place = await openPlace(options);
    try {
      if (only.includes('mail')) {
        await measureSink(samples, options);
        await measureMail(place, samples, options);
      }
      if (only.includes('plan')) await measurePlan(place, samples, options);
      if (only.includes('workers')) await measureWorkers(place, samples, options);
    } finally {
      await place.close();
    }
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify(documentOf(samples.of, options))}\n`);
    return;
  }
  const { people, messages, rounds, connections } = options;
  const seconds = (performance.now() - began) / 1_000;
  const stolen = machineTimes().stolen - before.stolen;
  process.stdout.write(
    `${machine}\n${people} people, ${messages} messages, ${rounds} rounds, ${connections} connections; ` +
      `${seconds.toFixed(0)} s, of which the hypervisor took ${stolen.toFixed(1)} s of CPU; now: ${describeMachine().split(', ').at(-1)}\n\n` +
      tableOf(samples.of),
  );
}

const options = readOptions(process.argv.slice(2));
if (options !== undefined) await bench(options);
