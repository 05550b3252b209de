import type { RunDocument } from '../model/run.js';
import { deliveryStatuses } from '../model/status.js';
import type { Paint } from './paint.js';
import { table } from './table.js';

/** A run for people: one line that says what it was, then what became of everybody. */
export function runText(run: RunDocument, paint: Paint): string {
  const rows = outcomeRows(run);
  const head = [
    `${paint('bold', run.campaign)}: run ${run.run}, ${run.state}`,
    ...(run.actor === null ? [] : [`asked for by ${run.actor}`]),
    ...(run.reason === null ? [] : [run.reason]),
    peopleRead(run),
  ];
  if (rows.length === 0) return head.join('\n');
  const { failed, expired, uncertain, bounced } = run.counts;
  const waiting = openOf(run.counts) + openOf(run.unchanged);
  const amiss = failed + expired + uncertain + bounced + run.outcomes.conflict > 0;
  return [
    ...head,
    '',
    table([{ title: 'outcome' }, { title: 'people', align: 'right' }, { title: '' }], rows),
    ...(waiting > 0 && run.state !== 'paused'
      ? ['', 'What is not sent yet goes out while "rollcall start" or "rollcall work" runs.']
      : []),
    ...(amiss
      ? ['', `Who, and why: rollcall report ${run.campaign} --run ${run.run} --format html --out report.html`]
      : []),
  ].join('\n');
}

/** What became of the people of a run: statuses first, then who got no delivery. */
function outcomeRows(run: RunDocument): string[][] {
  const rows: string[][] = deliveryStatuses
    .filter((status) => run.counts[status] > 0)
    .map((status) => [status, String(run.counts[status]), '']);
  const { unchanged, skipped, conflict } = run.outcomes;
  if (unchanged > 0) rows.push(['unchanged', String(unchanged), tally(run.unchanged)]);
  if (skipped > 0) rows.push(['skipped', String(skipped), tally(run.skipped)]);
  if (conflict > 0)
    rows.push(['conflict', String(conflict), 'two people, one alias: nobody of them is written to']);
  return rows;
}

/** Deliveries that are still to come to an end. */
function openOf({ queued = 0, sending = 0, deferred = 0 }: RunDocument['unchanged']): number {
  return queued + sending + deferred;
}

function tally(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

function peopleRead({ people, trigger }: RunDocument): string {
  return `${people === 1 ? '1 person' : `${people} people`} ${trigger === 'resend' ? 'asked for' : 'read'}`;
}
