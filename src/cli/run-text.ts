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
  return [
    ...head,
    '',
    table([{ title: 'outcome' }, { title: 'people', align: 'right' }, { title: '' }], rows),
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

function tally(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

function peopleRead({ people, trigger }: RunDocument): string {
  return `${people === 1 ? '1 person' : `${people} people`} ${trigger === 'resend' ? 'asked for' : 'read'}`;
}
