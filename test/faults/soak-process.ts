/**
 * `npm run test:soak`: one soak after another with random seeds, until the minutes are over or one finds something.
 * Prints what each found, and the seed of one that failed: `npm run test:soak -- --seed N` repeats it.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    seed: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    people: { type: 'string', default: '500' },
    kills: { type: 'string', default: '40' },
    verbose: { type: 'boolean', default: false },
  },
});
const end = Date.now() + Number(values.minutes) * 60_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
let failed = false;
do {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  try {
    const { problems, ...result } = await soak({
      root: values.root,
      seed,
      people: Number(values.people),
      kills: Number(values.kills),
      ...(values.verbose && { tell: print }),
    });
    print(
      `seed ${seed}: ${problems.length === 0 ? 'nothing lost, nothing doubled' : 'FAILED'} ${JSON.stringify(result)}`,
    );
    for (const problem of problems) print(`  ${problem}`);
    failed = problems.length > 0;
  } catch (error) {
    print(`seed ${seed}: FAILED ${error instanceof Error ? error.stack : error}`);
    failed = true;
  }
  if (failed) print(`Repeat it with: npm run test:soak -- --seed ${seed}`);
} while (!failed && values.seed === undefined && Date.now() < end);
process.exit(failed ? 1 : 0);
