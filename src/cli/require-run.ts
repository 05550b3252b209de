import type { Ledger } from '../ledger/ledger.js';
import { RollcallError } from '../lib/errors.js';
import type { RunDocument } from '../model/run.js';

/** A run by its id. @throws ROLLCALL_ERR_UNKNOWN_RUN */
export async function requireRun(ledger: Ledger, id: string): Promise<RunDocument> {
  const run = await ledger.run(id);
  if (run === undefined) throw new RollcallError('ROLLCALL_ERR_UNKNOWN_RUN', `The ledger has no run ${id}.`);
  return run;
}
