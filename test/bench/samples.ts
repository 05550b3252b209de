import { machineTimes } from './machine.js';

/** One measurement: a number, what it cost, and what the machine was doing meanwhile. */
export interface Sample {
  readonly value: number;
  /** Seconds of CPU that other virtual machines took while this was measured, of all cores. */
  readonly stolen: number;
  /** More for the table, such as CPU time a message. */
  readonly notes: Readonly<Record<string, number>>;
}

/** A run is clean where less than this was stolen; decided by nothing else. */
export const CLEAN_SECONDS = 0.1;

/** All samples of a bench, by what was measured. */
export interface Samples {
  take(
    what: string,
    measure: () => Promise<{ value: number; notes?: Record<string, number> }>,
  ): Promise<void>;
  readonly of: ReadonlyMap<string, readonly Sample[]>;
}

export function createSamples(tell: (line: string) => void): Samples {
  const samples = new Map<string, Sample[]>();
  return {
    of: samples,
    async take(what, measure) {
      const before = machineTimes().stolen;
      const { value, notes = {} } = await measure();
      const stolen = machineTimes().stolen - before;
      const known = samples.get(what) ?? [];
      known.push({ value, stolen, notes });
      samples.set(what, known);
      const details = Object.entries(notes).map(([name, number]) => `${name} ${number.toFixed(0)}`);
      tell([`${what}: ${value.toFixed(2)}`, ...details, `stolen ${stolen.toFixed(2)} s`].join(', '));
    },
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
