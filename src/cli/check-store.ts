import type { Settings } from '../campaign/settings-schema.js';
import { RollcallError } from '../lib/errors.js';
import type { CheckLine } from '../model/check.js';
import type { Session } from './session.js';
import { openStore } from './store.js';

/** Whether Redis, the key and the ledger are there and fit one another. */
export async function checkStore(session: Session, settings: Settings<'keys' | 'redis'>): Promise<CheckLine> {
  const what = 'Redis and ledger';
  try {
    const { keyring } = await openStore(session, settings);
    return { what, state: 'ok', detail: `The ledger answers, and belongs to the key ${keyring.id}.` };
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return { what, state: 'failed', detail: error.message, code: error.code, hint: error.hint };
  }
}
