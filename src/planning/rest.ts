import type { RunDocument } from '../model/run.js';

/** A run that goes on for longer than this has its digest meanwhile, since somebody may want to act. */
const LONG_MS = 3_600_000;

/**
 * Whether a run has come to rest: nothing more happens to it by itself. One whose planner died may be gone on with, and
 * one that still sends may be over soon: these count only once they are an hour old.
 */
export function isAtRest({ state, endedAt, startedAt, counts }: RunDocument, now: number): boolean {
  switch (state) {
    case 'done':
    case 'refused':
    case 'cancelled':
    case 'paused':
      return counts.sending === 0;
    case 'interrupted':
      return endedAt !== null || now - Date.parse(startedAt) > LONG_MS;
    case 'running':
    case 'planning':
      return now - Date.parse(startedAt) > LONG_MS;
  }
}
