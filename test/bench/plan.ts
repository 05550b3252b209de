import { attributesToAsk } from '../../src/directory/ldap-read.js';
import { cpuOf } from './machine.js';
import type { BenchOptions } from './options.js';
import { contender, type Place, type Unit } from './place.js';
import type { Ended } from './processes.js';
import type { Samples } from './samples.js';

/** No message is sent here. */
const NO_PORT = 1;
const PAGE = 500;
/** What the campaign makes links and mails of, and with that what the night asks for: the id, and whether somebody has left. */
const ATTRIBUTES = attributesToAsk(
  { base: '', filter: '', id: undefined, attributes: [], includeDisabled: false },
  ['uid', 'mail', 'givenname', 'displayname', 'cn'],
);

/** Everybody new, then nobody changed beside the bare read, then a tenth of them new, in a process each. */
export async function measurePlan(place: Place, samples: Samples, options: BenchOptions): Promise<void> {
  const { people } = options;
  const read = () =>
    samples.take('read, s', async () => {
      const args = [place.ldapUrl, place.baseOf('all'), `${PAGE}`, ...ATTRIBUTES];
      const { stdout, seconds, cpuSeconds } = await contender('ldap-read', args).ended;
      if (Number(stdout) !== people) throw new Error(`${stdout} people were read, not ${people}`);
      return { value: seconds, notes: { 'CPU ms': cpuSeconds * 1_000 } };
    });

  for (let round = 0; round < options.rounds; round += 1) {
    const { rollcall } = await place.fresh(NO_PORT);
    const run = (unit: Unit) => rollcall('run', unit, '--json').ended;
    let rss = 0;
    await samples.take('plan, people/s', async () => {
      const redisBefore = cpuOf(place.redisPid);
      const ended = await run('all');
      const { counts, startedAt } = documentOf(ended);
      if (counts.queued !== people) throw new Error(`${counts.queued} of ${people} were planned`);
      rss = ended.rssMb;
      const micros = (seconds: number) => (seconds * 1e6) / people;
      return {
        // From the run's own beginning, before the read, to the end of the process, after the last job.
        value: (people * 1_000) / (ended.endedAt - Date.parse(startedAt)),
        notes: {
          'CPU µs': micros(ended.cpuSeconds),
          'Redis CPU µs': micros(cpuOf(place.redisPid) - redisBefore),
        },
      };
    });
    await samples.take('memory, whole', async () => ({ value: rss }));

    const night = () =>
      samples.take('night, s', async () => {
        const redisBefore = cpuOf(place.redisPid);
        const ended = await run('all');
        const { outcomes } = documentOf(ended);
        if (outcomes.unchanged !== people)
          throw new Error(`${outcomes.unchanged} of ${people} were unchanged`);
        return {
          value: ended.seconds,
          notes: {
            'CPU ms': ended.cpuSeconds * 1_000,
            'Redis CPU ms': (cpuOf(place.redisPid) - redisBefore) * 1_000,
            'RSS MB': ended.rssMb,
          },
        };
      });
    for (const turn of round % 2 === 0 ? [night, read] : [read, night]) await turn();
    await samples.take('memory, a tenth', async () => ({ value: (await run('tenth')).rssMb }));
  }
}

interface Run {
  readonly startedAt: string;
  readonly counts: { readonly queued: number };
  readonly outcomes: { readonly unchanged: number };
}

const documentOf = ({ stdout }: Ended): Run => JSON.parse(stdout); // Rollcall's own document
