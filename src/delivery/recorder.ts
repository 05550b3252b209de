import type { DeliveryLedger, DeliveryResult } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Logger } from '../lib/log.js';

/** Tells the ledger the end of an attempt, for as long as that takes. */
export interface Recorder {
  /**
   * Resolves once the ledger has it. What this process knows nobody else can find out, so while Redis is away or does not
   * write it is told again and again: until it is kept, or for fifteen seconds once the process is to stop.
   * @throws ROLLCALL_ERR_REDIS_… then; at once whatever will not pass, such as ROLLCALL_ERR_LEDGER_BEHIND.
   */
  record(delivery: string, token: string, result: DeliveryResult): Promise<void>;
}

const FIRST_WAIT_MS = 100;
/** Short, so that the owner's word comes before anybody finds its lease over. */
const LONGEST_WAIT_MS = 1_000;
/** A stop leaves Redis this long to come back. An accepted message is in the journal by then. */
const STOP_PATIENCE_MS = 15_000;

export function createRecorder(context: {
  readonly ledger: Pick<DeliveryLedger, 'record'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}): Recorder {
  const { ledger, clock, log, stopping } = context;
  let stopBegan: number | undefined;
  const isPatient = () => {
    if (!stopping.aborted) return true;
    stopBegan ??= clock.now();
    return clock.now() - stopBegan < STOP_PATIENCE_MS;
  };

  return {
    async record(delivery, token, result) {
      for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
        try {
          await ledger.record(delivery, token, result);
          return;
        } catch (error) {
          if (!isRedisTrouble(error) || !isPatient()) throw error;
          if (wait === FIRST_WAIT_MS)
            log.warn(
              { delivery, status: result.status, error: messageOf(error) },
              'what became of the delivery cannot be recorded; it is tried until it can',
            );
        }
        await clock.sleep(wait);
      }
    },
  };
}

/** True where Redis is away, or is there and does not write: what may pass, and says nothing of the delivery. */
export function isRedisTrouble(error: unknown): boolean {
  return (
    error instanceof RollcallError &&
    (error.code === 'ROLLCALL_ERR_REDIS_UNREACHABLE' || error.code === 'ROLLCALL_ERR_REDIS_REFUSED')
  );
}
