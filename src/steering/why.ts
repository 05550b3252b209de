import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import { foldAddress } from '../ledger/fold-address.js';
import type { Ledger } from '../ledger/ledger.js';
import type { DeliveryRow } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { Person } from '../model/person.js';
import { isFinal } from '../model/status.js';
import { findPerson } from './find-person.js';

/** Everything that answers "why did this person (not) get a mail?". */
export interface Why {
  readonly campaign: string;
  readonly asked: string;
  /** Null where the directory has nobody of that name in this campaign. */
  readonly person: {
    readonly id: string;
    readonly dn: string;
    readonly account: 'active' | 'disabled' | 'expired';
  } | null;
  /** What a run would make of the person now. Null where there is no person, or nothing would be sent. */
  readonly assignment: {
    readonly pattern: string;
    readonly alias: string;
    readonly to: string;
    readonly locale: string | null;
    /** Of the mail as it would be now, or why it cannot be rendered. */
    readonly subject: string;
  } | null;
  /** Why nothing would be sent. */
  readonly skipped: {
    readonly reason: string;
    readonly code: string | null;
    readonly detail: string | null;
  } | null;
  readonly suppressed: boolean;
  readonly paused: { readonly since: string; readonly reason: string; readonly by: string } | null;
  /** The last first, each with its history. */
  readonly deliveries: readonly DeliveryRow[];
  /** One sentence: what happens next. */
  readonly next: string;
}

export interface WhyContext {
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly campaign: PreparedCampaign;
  readonly keyring: Keyring;
  /** The next scheduled run, in ISO 8601, or null. */
  readonly nextRun: string | null;
  readonly clock: Clock;
}

export async function why(context: WhyContext, asked: string): Promise<Why> {
  const { ledger, campaign } = context;
  const { name } = campaign.campaign;
  const person = await findPerson(context, asked).catch((error) => {
    if (error instanceof RollcallError && error.code === 'ROLLCALL_ERR_UNKNOWN_PERSON') return undefined;
    throw error;
  });
  // Somebody who left the directory is still known by id.
  const deliveries = await ledger.deliveriesOf(name, person?.id ?? asked);
  const paused = await ledger.paused(name);
  const verdict =
    person === undefined ? { assignment: null, skipped: null } : await judge(campaign, person, deliveries[0]);
  const suppressed =
    verdict.assignment !== null && (await ledger.suppressed()).has(foldAddress(verdict.assignment.to));
  const facts = {
    campaign: name,
    asked,
    person: person ? { id: person.id, dn: person.dn, account: person.barred ?? ('active' as const) } : null,
    ...verdict,
    suppressed,
    paused: paused ? { ...paused, since: new Date(paused.since).toISOString() } : null,
    deliveries,
  };
  const [last] = deliveries;
  const run = last && (await ledger.run(last.run));
  const next = nextStep(facts, {
    nextRun: context.nextRun,
    now: context.clock.now(),
    isRunPaused: run?.state === 'paused',
  });
  return { ...facts, next };
}

async function judge(
  campaign: PreparedCampaign,
  person: Person,
  last: DeliveryRow | undefined,
): Promise<Pick<Why, 'assignment' | 'skipped'>> {
  const result = campaign.assign(person, { mask: true, ...(last && { lastAddress: last.address }) });
  if (result.kind === 'skipped') {
    const { reason, code = null, detail = null } = result;
    return { assignment: null, skipped: { reason, code, detail } };
  }
  const { pattern, alias, to, locale = null } = result.assignment;
  const subject = await campaign.render(result.assignment).then(
    (mail) => mail.subject,
    (error) => `cannot be rendered: ${messageOf(error)}`,
  );
  return { assignment: { pattern, alias, to, locale, subject }, skipped: null };
}

function nextStep(
  facts: Omit<Why, 'next'>,
  { nextRun, now, isRunPaused }: { nextRun: string | null; now: number; isRunPaused: boolean },
): string {
  const [last] = facts.deliveries;
  const later = nextRun === null ? 'the next run, which is not scheduled,' : `the next run, at ${nextRun},`;
  if (last !== undefined && !isFinal(last.status)) {
    if (facts.paused)
      return `The campaign is paused; "rollcall resume ${facts.campaign}" lets the open delivery go.`;
    if (last.status === 'sending') return 'It is being sent at this moment.';
    if (isRunPaused)
      return `Its run is paused; "rollcall resume ${facts.campaign} --run ${last.run}" lets it go.`;
    if (last.notBefore !== undefined && last.notBefore > now) {
      const when = new Date(last.notBefore).toISOString();
      const why = last.history.at(-1)?.note;
      return last.status === 'deferred'
        ? `It is tried again at ${when}.`
        : `It waits until ${when}${why ? ` (${why})` : ''}.`;
    }
    return 'It is in the queue and goes out as soon as a worker gets to it.';
  }
  if (facts.person === null) return 'Nothing: the campaign reads no such person.';
  if (facts.skipped)
    return `Nothing while this lasts: ${(facts.skipped.detail ?? facts.skipped.reason).replace(/\.$/, '')}.`;
  if (facts.suppressed) return 'Nothing: the address is suppressed ("rollcall suppress remove" ends that).';
  if (last === undefined) return `A mail, planned by ${later} unless somebody else has the same alias.`;
  if (last.status === 'failed' && last.detail === 'bad-address')
    return `Nothing: the server says that there is no such address. Put it right in the directory, or see to it that nobody writes there ("rollcall suppress add ${last.address}").`;
  if (last.status === 'bounced')
    return 'Nothing, until the address or what the person is provisioned with has changed, or an admin re-sends.';
  if (last.status === 'uncertain')
    return 'An admin decides: nobody knows whether the server took it. "rollcall resend" writes again.';
  return `Nothing, unless what the person is provisioned with has changed by ${later} or an admin re-sends.`;
}
