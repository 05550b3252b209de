import { lastWords } from '../ledger/last-words.js';
import type { Ledger } from '../ledger/ledger.js';
import type { DeliveryRow } from '../ledger/types.js';
import type { RunDocument } from '../model/run.js';

/** What a digest can be about, as `notify.on` names it. */
export type DigestEvent = 'refused' | 'failed' | 'uncertain' | 'bounces' | 'missed';

/** A plain message for whoever has to know at 02:31. */
export interface Digest {
  readonly subject: string;
  readonly text: string;
}

/** People named in a digest; the rest are a number and a command. */
const NAMED = 20;

/** What of a run somebody has to know; empty where all is well. */
export function eventsOf(run: RunDocument): ReadonlyMap<DigestEvent, number> {
  const events = new Map<DigestEvent, number>();
  const note = (event: DigestEvent, count: number) => {
    if (count > 0) events.set(event, count);
  };
  note('refused', run.state === 'refused' ? 1 : 0);
  note('failed', run.counts.failed + run.counts.expired + (run.state === 'interrupted' ? 1 : 0));
  note('uncertain', run.counts.uncertain);
  note('bounces', run.counts.bounced);
  return events;
}

/** The digest of a run; `events` is what of {@link eventsOf} it is about, and not empty. */
export async function digestOf(
  ledger: Pick<Ledger, 'deliveries' | 'paused'>,
  run: RunDocument,
  events: ReadonlyMap<DigestEvent, number>,
): Promise<Digest> {
  const headline =
    run.state === 'refused' || run.state === 'interrupted'
      ? run.state
      : [...events].map(([event, count]) => `${count} ${event === 'bounces' ? 'bounced' : event}`).join(', ');
  const lines = [
    `Campaign   ${run.campaign}`,
    `Run        ${run.run} (${run.trigger}), ${run.state}`,
    `Started    ${run.startedAt}`,
    `People     ${run.people}`,
    ...table(run.outcomes),
    ...table(run.counts),
  ];
  if (run.reason !== null) lines.push('', run.reason);
  const paused = await ledger.paused(run.campaign);
  if (paused !== undefined)
    lines.push(
      '',
      `The campaign is paused by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}.`,
      `Go on: rollcall resume ${run.campaign}`,
    );
  lines.push(...(await affected(ledger, run)));
  lines.push('', ...advice(run));
  return { subject: `Rollcall: ${run.campaign}: ${headline}`, text: `${lines.join('\n')}\n` };
}

/** The digest of a slot that no run came of. */
export function missedDigest(slot: { campaign: string; at: number; kind: string; reason: string }): Digest {
  const when = new Date(slot.at).toISOString();
  const text = [
    `Campaign   ${slot.campaign}`,
    `Slot       ${when}`,
    '',
    `This run was ${slot.kind === 'missed' ? 'missed' : 'not made'}: ${slot.reason}.`,
    '',
    `To run it now: rollcall run ${slot.campaign} --wait`,
  ];
  return {
    subject: `Rollcall: ${slot.campaign}: the run of ${when} was ${slot.kind}`,
    text: `${text.join('\n')}\n`,
  };
}

function table(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name.padEnd(10)} ${count}`);
}

async function affected(ledger: Pick<Ledger, 'deliveries'>, run: RunDocument): Promise<string[]> {
  const named: string[] = [];
  const wanted = new Set<DeliveryRow['status']>(['failed', 'expired', 'uncertain', 'bounced']);
  let more = 0;
  for await (const page of ledger.deliveries({ campaign: run.campaign, run: run.run })) {
    for (const row of page) {
      if (!wanted.has(row.status)) continue;
      if (named.length === NAMED) more += 1;
      else named.push([row.status.padEnd(10), row.address, wordsOf(row)].join(' ').trimEnd());
    }
  }
  if (named.length === 0) return [];
  return ['', ...named, ...(more > 0 ? [`… and ${more} more`] : [])];
}

function wordsOf(row: DeliveryRow): string {
  const hint = row.detail === 'bad-address' ? ' (no such address: see "rollcall why")' : '';
  return ` ${lastWords(row) ?? ''}${hint}`;
}

function advice(run: RunDocument): string[] {
  const { campaign } = run;
  if (run.state === 'refused') return ['Look at the numbers before you accept them.'];
  if (run.state === 'interrupted') return [`To run it again: rollcall run ${campaign} --wait`];
  return [
    `All of it: rollcall report ${campaign} --run ${run.run} --format html --out report.html`,
    `One person: rollcall why ${campaign} PERSON`,
  ];
}
