import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.js';
import { RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Logger } from '../lib/log.js';
import { bindScripts, type LedgerParts } from './context.js';
import { createDeliveryLedger } from './delivery-ledger.js';
import { identify } from './identity.js';
import { ledgerKeys } from './keys.js';
import { createPlanningLedger } from './planning-ledger.js';
import { createQueries } from './queries.js';
import { createReportLedger } from './report-ledger.js';
import { rotateKey } from './rotation.js';
import { createScripts } from './scripts.js';
import { createSteeringLedger } from './steering-ledger.js';
import { createTransfer } from './transfer.js';
import type {
  DeliveryLedger,
  LedgerQueries,
  LedgerUpkeep,
  PlanningLedger,
  ReportLedger,
  SteeringLedger,
} from './types.js';
import { createUpkeep } from './upkeep.js';

/** The record of every delivery and every change of its status. */
export type Ledger = PlanningLedger &
  DeliveryLedger &
  ReportLedger &
  SteeringLedger &
  LedgerQueries &
  LedgerUpkeep;

export interface LedgerContext {
  readonly redis: Redis;
  /** `redis.prefix`, without a colon. */
  readonly prefix: string;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Where this machine notes which ledger it writes to and how far that has come: `keys.file` + `.ledger`. Without it, a
   * Redis that was flushed between two processes is not noticed.
   */
  readonly markFile?: string;
  /** For `ledger import` alone: goes on with an import that was not finished, and takes the place of a ledger that was lost. */
  readonly forImport?: boolean;
}

/**
 * Opens the ledger: finds it in Redis or makes it, and refuses one that is behind or belongs to another key.
 * @throws ROLLCALL_ERR_LEDGER_BEHIND, ROLLCALL_ERR_LEDGER_KEY, ROLLCALL_ERR_LEDGER_VERSION, ROLLCALL_ERR_LEDGER_IMPORT.
 */
export async function createLedger(context: LedgerContext): Promise<Ledger> {
  const { redis, prefix, keyring, clock, log, markFile, forImport = false } = context;
  const keys = ledgerKeys(prefix);
  const scripts = createScripts(redis, keys.root);
  const identity = await identify({ scripts, keyring, log, markFile, forImport });
  if (identity.importing && !forImport)
    throw new RollcallError('ROLLCALL_ERR_LEDGER_IMPORT', 'An import into this ledger was never finished.');

  const parts: LedgerParts = {
    redis,
    keys,
    keyring,
    clock,
    log,
    identity,
    ...bindScripts(scripts, identity),
  };
  if (identity.rotatedFrom !== undefined) await rotateKey(parts);
  const queries = createQueries(parts);
  return {
    ...createPlanningLedger(parts),
    ...createDeliveryLedger(parts),
    ...createReportLedger(parts),
    ...createSteeringLedger(parts),
    ...queries,
    ...createUpkeep(parts, queries),
    ...createTransfer(parts),
  };
}
