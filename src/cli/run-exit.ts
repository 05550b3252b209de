import type { RunDocument } from '../model/run.js';

/** The one reason for skipping somebody that is a fault and not a rule: it comes with an error code. */
const FAULT = 'unusable';

const AMISS = ['failed', 'expired', 'uncertain'] as const;
const WAITING = ['queued', 'sending', 'deferred'] as const;

/**
 * The exit code for a run: 3 refused, 1 done but somebody should look, 0 done. What is still waiting counts only where it
 * was waited for.
 */
export function exitOfRun(run: RunDocument, waited: boolean): number {
  if (run.state === 'refused') return 3;
  const statuses = waited ? [...AMISS, ...WAITING] : AMISS;
  const amiss = statuses.some((status) => run.counts[status] > 0);
  return amiss || (run.skipped[FAULT] ?? 0) > 0 || run.outcomes.conflict > 0 ? 1 : 0;
}
