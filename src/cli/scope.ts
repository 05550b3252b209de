import type { Ledger } from '../ledger/ledger.js';
import { RollcallError } from '../lib/errors.js';
import { campaignPositional } from './command.js';
import { requireRun } from './require-run.js';

/** What `pause`, `resume` and `cancel` take. */
export const scopePositionals = { campaign: campaignPositional } as const;
export const scopeOptions = {
  run: { type: 'string', requiresArg: true, describe: 'Only this run of it' },
  reason: { type: 'string', requiresArg: true, describe: 'Why, for the log and for others' },
} as const;

/** The campaign, or one run of it. @throws ROLLCALL_ERR_UNKNOWN_RUN */
export async function scopeOf(
  { run }: { readonly run?: string | undefined },
  campaign: string,
  ledger: Ledger,
): Promise<{ campaign: string; run?: string }> {
  if (run === undefined) return { campaign };
  const found = await requireRun(ledger, run);
  if (found.campaign !== campaign)
    throw new RollcallError(
      'ROLLCALL_ERR_UNKNOWN_RUN',
      `Run ${run} is one of ${found.campaign}, not of ${campaign}.`,
    );
  return { campaign, run };
}
