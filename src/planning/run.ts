import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import type { Ledger } from '../ledger/ledger.js';
import type { PlannerLock, RunTotals } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Logger } from '../lib/log.js';
import { withTightHeap } from '../lib/tight-heap.js';
import type { RunDocument, RunTrigger } from '../model/run.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';
import { findConflicts } from './conflicts.js';
import { countGone, isAnyoneGone, noteGone } from './gone.js';
import { type HeldLock, holdLock, LEASE_MS } from './held-lock.js';
import { holdLimits } from './limits.js';
import { holdPreflight } from './preflight-gate.js';
import { openSpool, type Spool } from './spool.js';
import { type Audience, survey } from './survey.js';
import { createTally, type Tally, totalsOf } from './tally.js';
import { writePlan } from './write-plan.js';

export interface PlanningContext {
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
  readonly directory: Directory;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Logger;
  /** For the spool. */
  readonly dataDir: string;
  /** Names this process in the lock: host and pid. */
  readonly holder: string;
  readonly newRunId: () => string;
}

export interface RunRequest {
  readonly campaign: PreparedCampaign;
  readonly trigger: RunTrigger;
  /** The scheduled instant, for a scheduled run: milliseconds since the epoch. */
  readonly slot?: number;
  /** The number that an admin has looked at, to go past a limit. */
  readonly acceptCount?: number;
  /** A re-send: whom it asks for, why, and who asked. */
  readonly resend?: { readonly audience: Audience & object; readonly reason: string; readonly actor: string };
  readonly signal?: AbortSignal;
}

/** How many mails are rendered before any is queued, so that a broken template stops here and not forty thousand times. */
const TRIAL = 20;

/**
 * Plans one run: reads the whole directory, and once the read is proven complete and the limits hold, writes the deliveries
 * to the ledger and adds their jobs. Gives the run's document, or undefined where the slot was done before.
 * @throws ROLLCALL_ERR_LOCK_HELD, ROLLCALL_ERR_DIRECTORY_…, ROLLCALL_ERR_LIMIT, ROLLCALL_ERR_NOTHING_RENDERS: nothing is queued then.
 */
export async function planRun(
  context: PlanningContext,
  request: RunRequest,
): Promise<RunDocument | undefined> {
  const { ledger, holder } = context;
  const { name } = request.campaign.campaign;
  const held = holdLock(await ledger.lock(name, { holder, leaseMs: LEASE_MS }), request.signal);
  try {
    const run = await openRun(context, held.lock, request);
    if (run === undefined) return undefined;
    await withTightHeap(() => planOpen(context, request, held, run));
    return await ledger.run(run);
  } finally {
    await held.release();
  }
}

async function planOpen(
  context: PlanningContext,
  request: RunRequest,
  held: HeldLock,
  run: string,
): Promise<void> {
  const { ledger } = context;
  const { name } = request.campaign.campaign;
  const tally = createTally();
  const seal = (counted: Tally, end: { state: RunTotals['state']; reason?: string }) =>
    ledger.seal(held.lock, run, totalsOf(counted, end));
  const spool = await openSpool({
    dataDir: context.dataDir,
    campaign: name,
    run,
    keyring: context.keyring,
  });
  try {
    const plan = await prepare({ ...context, ...request, run, tally, spool, held }).catch(async (error) => {
      await close(error, { ...request, tally, seal, log: context.log, run });
      throw withRun(error, run);
    });
    // From here on a fault leaves the run open: the next holder of the lock resumes it, and finds what was written.
    await plan.write();
    await seal(tally, { state: 'running' });
  } finally {
    await spool.remove();
  }
}

/**
 * Opens the run: the one of the slot, or by hand the one that a crash left open, since half of it may be written. Any
 * other that was left open is closed with what it wrote. Undefined where the slot is done.
 */
async function openRun(
  { ledger, newRunId }: PlanningContext,
  lock: PlannerLock,
  request: RunRequest,
): Promise<string | undefined> {
  const { campaign } = request.campaign;
  const start = {
    trigger: request.trigger,
    ...(request.slot !== undefined && { slot: request.slot }),
    ...(request.resend && { reason: request.resend.reason, actor: request.resend.actor }),
    ...(campaign.canary !== undefined && !request.resend && { canary: campaign.canary }),
    maxFailed: campaign.limits.maxFailed,
    uncertain: campaign.uncertain,
  };
  const left = await leftOpen(ledger, lock.campaign);
  const isOurs =
    left !== undefined && left.trigger !== 'resend' && !request.resend && request.slot === undefined;
  const resumed = isOurs ? await ledger.begin(lock, { ...start, run: left.run }) : undefined;
  const run = resumed ?? (await ledger.begin(lock, { ...start, run: newRunId() }));

  if (
    left !== undefined &&
    left.run !== run &&
    (await ledger.begin(lock, { run: left.run, trigger: left.trigger })) !== undefined
  ) {
    const nobody = totalsOf(createTally(), { state: 'interrupted', reason: 'its process ended' });
    await ledger.seal(lock, left.run, nobody);
  }
  return run;
}

/** The campaign's last run, where nobody ever sealed it. */
async function leftOpen(ledger: Ledger, campaign: string): Promise<RunDocument | undefined> {
  const [last] = await ledger.runs(campaign, 1);
  const isOpen = last?.state === 'planning' || (last?.state === 'interrupted' && last.endedAt === null);
  return isOpen ? last : undefined;
}

type Planning = PlanningContext &
  RunRequest & {
    readonly run: string;
    readonly tally: Tally;
    readonly spool: Spool;
    readonly held: HeldLock;
  };

/** Reads and judges, and writes nothing; what it gives writes. */
async function prepare(planning: Planning): Promise<{ write(): Promise<void> }> {
  const { campaign, ledger, keyring, run, tally, spool, held, resend, log, queue } = planning;
  const { lock, signal } = held;
  const settings = campaign.campaign;
  const audience = resend?.audience;
  if (resend) {
    const { reason, actor } = resend;
    log.info({ run, campaign: settings.name, asked: resend.audience.size, reason, actor }, 'a re-send');
  }
  await holdPreflight(campaign, planning);

  const pages = planning.directory.read(
    { query: settings.people, attributes: campaign.ldapAttributes },
    signal,
  );
  const read = await survey({ run, campaign, ledger, keyring, spool, tally, audience }, pages);
  const conflicts = await findConflicts(
    { run, campaign: settings.name, ledger, spool, tally, audience },
    read,
  );

  const gone = audience ? countGone(audience, read, tally) : [];
  const { people, recipients } = tally;
  const lastPeople = resend ? undefined : await ledger.lastPeople(settings.name);
  const limits = resend ? { ...settings.limits, minPeople: 0 } : settings.limits;
  holdLimits(
    limits,
    { people, lastPeople, recipients, isResend: resend !== undefined },
    planning.acceptCount,
  );
  await tryTemplates(campaign, spool);

  return {
    async write() {
      log.info({ run, campaign: settings.name, people, recipients }, 'the plan holds and is being written');
      const stillOurs = () => signal.throwIfAborted();
      const goneContext = { campaign: settings.name, lock, ledger };
      const isGone = !resend && (await isAnyoneGone(goneContext, read));
      await writePlan(
        { run, lock, ledger, queue, spool, tally, first: resend !== undefined, stillOurs },
        conflicts,
      );
      if (isGone) await noteGone(goneContext, read);
      const passed = { dn: '', outcome: 'skipped', reason: 'gone' } as const;
      if (gone.length > 0)
        await ledger.passOver(
          lock,
          run,
          gone.map((person) => ({ ...passed, person })),
        );
    },
  };
}

/** @throws ROLLCALL_ERR_NOTHING_RENDERS when none of the first twenty mails can be rendered. */
async function tryTemplates(campaign: PreparedCampaign, spool: Spool): Promise<void> {
  let tried = 0;
  let last: unknown;
  for await (const page of spool.pages()) {
    for (const record of page) {
      if (record.kind !== 'assigned' || record.payload === undefined) continue;
      try {
        await campaign.render(campaign.thaw(record.payload));
        return; // one that renders is enough: whoever cannot be rendered then fails alone
      } catch (error) {
        last = error;
      }
      tried += 1;
      if (tried === TRIAL) break;
    }
    if (tried === TRIAL) break;
  }
  if (tried === 0) return;
  throw new RollcallError(
    'ROLLCALL_ERR_NOTHING_RENDERS',
    `None of the first ${tried} mails could be rendered: ${messageOf(last)}`,
    { cause: last },
  );
}

/**
 * Closes a run that came to nothing: refused, with everybody accounted for, or interrupted, with nobody known. A slot
 * that met trouble which may pass stays open, to be tried again under the same run.
 */
async function close(
  error: unknown,
  run: Pick<RunRequest, 'slot' | 'signal'> & {
    readonly run: string;
    readonly tally: Tally;
    readonly seal: (counted: Tally, end: { state: RunTotals['state']; reason?: string }) => Promise<void>;
    readonly log: Logger;
  },
): Promise<void> {
  const refused = error instanceof RollcallError && error.exitCode === 3;
  if (!refused && run.slot !== undefined) return;
  const known = error instanceof RollcallError ? `${error.code}: ${error.message} ${error.hint}` : undefined;
  const reason = known ?? (run.signal?.aborted ? 'it was stopped' : 'a fault inside Rollcall');
  const state = refused ? 'refused' : 'interrupted';
  await run
    .seal(refused ? run.tally : createTally(), { state, reason })
    .catch((failure) =>
      run.log.warn(
        { run: run.run, error: messageOf(failure) },
        'the run could not be closed; the next one of its campaign does',
      ),
    );
}

/** The error, telling which run it ended: whoever is told of it can look that up. */
function withRun(error: unknown, run: string): unknown {
  if (!(error instanceof RollcallError)) return error;
  const { code, message, hint, problems, facts, cause } = error;
  return new RollcallError(code, message, { hint, problems, cause, facts: { ...facts, run } });
}
