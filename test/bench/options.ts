import { parseArgs } from 'node:util';

export const measures = ['startup', 'mail', 'plan', 'workers'] as const;
export type Measure = (typeof measures)[number];

export interface BenchOptions {
  /** For the plan, the unchanged night and the memory. */
  readonly people: number;
  /** Each contender sends so many in a round; the slowest script a fifth of them. */
  readonly messages: number;
  readonly rounds: number;
  readonly connections: number;
  readonly only: readonly Measure[];
  readonly json: boolean;
  /** Where each Rollcall process leaves a CPU profile. */
  readonly profile: string | undefined;
}

const USAGE = `npm run bench -- [--people N] [--messages N] [--rounds N] [--connections N] [--only WHAT]… [--json]

  --people       for the plan, the unchanged night and the memory [100000]
  --messages     each contender sends in a round; the slowest script sends a fifth [5000]
  --rounds       alternating; medians are told [5]
  --connections  to the SMTP server, the same for all [10]
  --only         ${measures.join(', ')}; more than once for several
  --json         one document on stdout, for the measures that were taken
  --profile      a folder for the CPU profiles of the Rollcall processes (their numbers are slower then)
`;

/** Undefined where help was asked for, and given. */
export function readOptions(argv: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      people: { type: 'string', default: '100000' },
      messages: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      connections: { type: 'string', default: '10' },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return undefined;
  }
  const people = count('people', values.people);
  return {
    people,
    messages: values.messages === undefined ? Math.min(5_000, people) : count('messages', values.messages),
    rounds: count('rounds', values.rounds),
    connections: count('connections', values.connections),
    only: values.only === undefined ? measures : values.only.map(measureOf),
    json: values.json,
    profile: values.profile,
  };
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} ${text} is no whole number above 0`);
  return value;
}

function measureOf(text: string): Measure {
  const found = measures.find((measure) => measure === text);
  if (found === undefined) throw new Error(`--only ${text}: there is ${measures.join(', ')}`);
  return found;
}
