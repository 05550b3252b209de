import { isRedisTrouble } from '../delivery/recorder.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { RunDocument } from '../model/run.js';
import type { Progress } from './progress.js';

const LOOK_EVERY_MS = 100;
/** A Redis that is started again is waited for, as the worker beside does. */
const REDIS_PATIENCE_MS = 60_000;

/**
 * Waits until nothing more will happen to a run's deliveries for now: all final, the campaign or run paused with nothing
 * in flight, or the time is up. Gives the run as it is then.
 */
export async function waitForRun(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
  run: RunDocument,
  { timeoutMs, signal, progress }: { timeoutMs: number; signal: AbortSignal; progress: Progress },
): Promise<RunDocument> {
  const end = clock.now() + timeoutMs;
  let lastAnswer = clock.now();
  /** The run, where there is nothing more to wait for. */
  const look = async (): Promise<RunDocument | undefined> => {
    const now = await ledger.run(run.run);
    // It was there a moment ago: nothing but the loss of the whole ledger takes a run away.
    if (now === undefined)
      throw new RollcallError(
        'ROLLCALL_ERR_LEDGER_BEHIND',
        `The run ${run.run} is no longer in Redis: it was flushed or replaced while Rollcall ran.`,
      );
    lastAnswer = clock.now();
    const { queued, sending, deferred } = now.counts;
    const total = Object.values(now.counts).reduce((sum, count) => sum + count, 0);
    const open = queued + sending + deferred;
    progress.update(total - open, total, 'sending');
    const held =
      sending === 0 && (now.state === 'paused' || (queued === 0 && (await allWaitBeyond(ledger, now, end))));
    return open === 0 || held || signal.aborted || clock.now() >= end ? now : undefined;
  };
  try {
    for (;;) {
      const over = await look().catch((error: unknown) => {
        const isPatient = !signal.aborted && clock.now() - lastAnswer < REDIS_PATIENCE_MS;
        if (isRedisTrouble(error) && isPatient) return undefined;
        throw error;
      });
      if (over !== undefined) return over;
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    }
  } finally {
    progress.clear();
  }
}

/**
 * True where every open delivery waits for a time after `end`. Counted, for one that was claimed since the run was read is
 * no longer deferred, and is anything but done.
 */
async function allWaitBeyond(
  ledger: Ledger,
  { campaign, run, counts }: RunDocument,
  end: number,
): Promise<boolean> {
  let waiting = 0;
  for await (const page of ledger.deliveries({ campaign, run }))
    waiting += page.filter(({ status, notBefore = 0 }) => status === 'deferred' && notBefore > end).length;
  return waiting === counts.deferred;
}
