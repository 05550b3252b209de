import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RunDocument } from '../model/run.js';
import { createNotifier } from '../planning/notify.js';
import { planRun } from '../planning/run.js';
import { runOf } from '../planning/slot.js';
import { prepare, readCampaign } from './campaign-files.js';
import type { GlobalFlags } from './command.js';
import { planningContext } from './planning.js';
import type { Session } from './session.js';
import { openLog, openStore } from './store.js';
import { waitForRun } from './wait-for-run.js';
import { loadFrom, openRelay, openWorker, workSections } from './working.js';

export interface RunFlags extends GlobalFlags {
  readonly campaign: string;
  /** Set where this process sends too: how long it does so at most, in milliseconds. */
  readonly waitMs: number | undefined;
  readonly acceptCount: number | undefined;
}

/** What makes a run a re-send. */
export interface Resend {
  readonly reason: string;
  readonly actor: string;
  /** Whom to write to once more, and the sequence number that was confirmed for each. */
  readonly choose: (context: {
    ledger: Ledger;
    directory: Directory;
    campaign: PreparedCampaign;
  }) => Promise<ReadonlyMap<string, number>>;
}

/** Plans a run of a campaign now, and with `waitMs` sends it. */
export async function runCampaign(flags: RunFlags, session: Session, resend?: Resend): Promise<RunDocument> {
  const { waitMs, acceptCount } = flags;
  const read = await readCampaign(flags, [...workSections, 'directory', 'notify'], session);
  const { settings } = read;
  // A re-send is logged with who asked for it and why, wherever logs are kept.
  const log = openLog(session, resend && !session.out.interactive ? 'info' : 'warn');
  const store = await openStore(session, settings, { log });
  const campaign = await prepare(flags, read, store);
  const { out, signal } = session;
  const planning = planningContext(store, settings);
  const { ledger, redis, prefix, clock } = store;
  const relay = openRelay(session, store, settings);
  const { smtp, notify } = settings;
  const notifier = createNotifier({ redis, prefix, ledger, relay, smtp, notify, clock, log });
  const chosen = resend && {
    audience: await resend.choose({ ledger, directory: planning.directory, campaign }),
    reason: resend.reason,
    actor: resend.actor,
  };
  const planned = await planRun(planning, {
    campaign,
    trigger: resend ? 'resend' : 'manual',
    ...(chosen && { resend: chosen }),
    signal,
    ...(acceptCount !== undefined && { acceptCount }),
  }).catch(async (error: unknown) => {
    const run = runOf(error);
    const ended = run === undefined ? undefined : await ledger.run(run);
    if (ended !== undefined) await notifier.run(ended);
    throw error;
  });
  // Only a scheduled slot can turn out to have been planned before.
  if (planned === undefined) throw new Error('a run by hand gave no document');
  const isSettled = Object.values(planned.counts).every((count) => count === 0);
  if (waitMs === undefined || isSettled) return planned;

  const load = loadFrom(settings, store);
  await openWorker(session, store, settings, {
    relay,
    // By path, a campaign may lie elsewhere than in paths.jobs.
    load: (name) => (name === campaign.campaign.name ? Promise.resolve(campaign) : load(name)),
  });
  const run = await waitForRun(store, planned, { timeoutMs: waitMs, signal, progress: out.progress });
  await notifier.run(run);
  return run;
}
