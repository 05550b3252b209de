import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RunDocument } from '../model/run.js';
import { planRun } from '../planning/run.js';
import { prepare, readCampaign } from './campaign-files.js';
import type { GlobalFlags } from './command.js';
import { planningContext } from './planning.js';
import type { Session } from './session.js';
import { openStore } from './store.js';
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
  const read = await readCampaign(flags, [...workSections, 'directory'], session);
  const { settings } = read;
  const store = await openStore(session, settings);
  const campaign = await prepare(flags, read, store);
  const { out, signal } = session;
  const planning = planningContext(store, settings);
  const { ledger } = store;
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
  });
  // Only a scheduled slot can turn out to have been planned before.
  if (planned === undefined) throw new Error('a run by hand gave no document');
  const isSettled = Object.values(planned.counts).every((count) => count === 0);
  if (waitMs === undefined || isSettled) return planned;

  const load = loadFrom(settings, store);
  await openWorker(session, store, settings, {
    relay: openRelay(session, store, settings),
    // By path, a campaign may lie elsewhere than in paths.jobs.
    load: (name) => (name === campaign.campaign.name ? Promise.resolve(campaign) : load(name)),
    concurrency: settings.smtp.connections,
  });
  return waitForRun(store, planned, { timeoutMs: waitMs, signal, progress: out.progress });
}
