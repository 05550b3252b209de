import type { BenchOptions } from './options.js';
import { CLEAN_SECONDS, median, type Sample } from './samples.js';

type AllSamples = ReadonlyMap<string, readonly Sample[]>;

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** The document of `--json`: medians of all rounds, with those parts that were measured. */
export function documentOf(samples: AllSamples, { people, only }: BenchOptions): object {
  const of = (what: string) => median((samples.get(what) ?? []).map(({ value }) => value));
  const rate = (what: string) => round(of(what), 1);
  const beside = (a: string, b: string) => round(of(a) / of(b), 2);
  const has = (measure: BenchOptions['only'][number]) => only.includes(measure);
  return {
    ...(has('mail') && {
      pipeline: {
        messagesPerSecond: rate('rollcall'),
        nodemailerPerSecond: rate('nodemailer'),
        ratio: beside('rollcall', 'nodemailer'),
      },
      naive: { messagesPerSecond: rate('naive'), ratio: beside('rollcall', 'naive') },
      script: { messagesPerSecond: rate('script'), ratio: beside('rollcall', 'script') },
    }),
    ...(has('plan') && {
      nightly: {
        people,
        seconds: round(of('night, s'), 3),
        ldapSeconds: round(of('read, s'), 3),
        ratio: beside('night, s', 'read, s'),
      },
      plan: { peoplePerSecond: rate('plan, people/s') },
      memory: { rss10kMb: rate('memory, a tenth'), rss100kMb: rate('memory, whole') },
    }),
    ...(has('startup') && {
      startup: {
        helpMs: rate('--help, ms'),
        nodeMs: rate('node -e 0, ms'),
        ratio: beside('--help, ms', 'node -e 0, ms'),
      },
    }),
  };
}

/** What is compared with what, and the numbers to reach. */
const COMPARISONS: readonly (readonly [string, string, string, string])[] = [
  ['pipeline', 'rollcall', 'nodemailer', '× (reach 2, aim 3)'],
  ['naive', 'rollcall', 'naive', '× (reach 10, aim 15)'],
  ['script', 'rollcall', 'script', '× (reach 3, aim 4)'],
  ['nightly', 'night, s', 'read, s', '× the time (reach 1.5, aim 1.3)'],
  ['two workers', 'workers: 2', 'workers: 1', '× (reach 1.9, aim 2.0)'],
  ['start-up', '--help, ms', 'node -e 0, ms', '× the time (reach 3, aim 2.5)'],
];

/** Every measurement with its medians, of all runs and of the clean ones; then the comparisons. */
export function tableOf(samples: AllSamples): string {
  const rows = [
    [
      'measure',
      'runs',
      'median',
      'lowest',
      'highest',
      'clean',
      'clean median',
      'stolen s',
      'notes (medians)',
    ],
  ];
  const text = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(value < 100 ? 2 : 0));
  for (const [what, taken] of samples) {
    const values = taken.map(({ value }) => value);
    const clean = cleanOf(taken);
    const stolen = taken.reduce((sum, sample) => sum + sample.stolen, 0);
    const notes = Object.keys(taken[0]?.notes ?? {}).map(
      (name) => `${name} ${median(taken.map((sample) => sample.notes[name] ?? Number.NaN)).toFixed(0)}`,
    );
    rows.push([
      what,
      `${taken.length}`,
      text(median(values)),
      text(Math.min(...values)),
      text(Math.max(...values)),
      `${clean.length}`,
      text(median(clean)),
      text(stolen),
      notes.join(', '),
    ]);
  }
  const comparisons: string[][] = [['compared', 'median', 'clean median', '']];
  for (const [what, ours, theirs, goal] of COMPARISONS) {
    const [a, b] = [samples.get(ours), samples.get(theirs)];
    if (a === undefined || b === undefined) continue;
    const ratio = (values: (taken: readonly Sample[]) => readonly number[]) =>
      text(median(values(a)) / median(values(b)));
    comparisons.push([what, ratio((taken) => taken.map(({ value }) => value)), ratio(cleanOf), goal]);
  }
  return `${aligned(rows)}\n\n${aligned(comparisons)}\n`;
}

const cleanOf = (taken: readonly Sample[]) =>
  taken.filter(({ stolen }) => stolen < CLEAN_SECONDS).map(({ value }) => value);

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
