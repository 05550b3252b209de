import { escapeHtml } from '../lib/escape-html.js';
import { deliveryStatuses } from '../model/status.js';
import type { Report } from './report.js';
import { type State, stateMeanings } from './states.js';
import type { ReportTally } from './tally.js';

const number = new Intl.NumberFormat('en-GB');

/** The head of the page: what this is about, and what became of everybody. */
export function summary({ campaign, scope, run }: Report, tally: ReportTally): string {
  const intro =
    scope === 'run'
      ? 'What one run did: each of its deliveries, and whom it passed over.'
      : 'The last delivery of everybody this campaign has written to, and whom its last run passed over.';
  return `<header>
<p class="eyebrow">Delivery report</p>
<h1>${escapeHtml(campaign)}</h1>
<p class="intro">${intro}</p>
</header>
<section aria-labelledby="counts-title">
<h2 id="counts-title" class="quiet">${number.format(tally.people)} ${tally.people === 1 ? 'person' : 'people'}</h2>
${counts(tally)}
</section>
${run === undefined ? '' : runFacts(run, scope)}`;
}

function counts({ counts: byStatus, skipped, conflict }: ReportTally): string {
  const passed = Object.entries(skipped).sort(([, a], [, b]) => b - a);
  const tiles: [State, number, string][] = [
    ...deliveryStatuses.map((status): [State, number, string] => [status, byStatus[status], '']),
    [
      'skipped',
      passed.reduce((sum, [, each]) => sum + each, 0),
      passed.map(([reason, each]) => `${number.format(each)} ${reason}`).join(', '),
    ],
    ['conflict', conflict, ''],
  ];
  const shown = tiles.filter(([, each]) => each > 0);
  if (shown.length === 0) return '<p class="empty">Nobody has been written to yet.</p>';
  const items = shown.map(
    ([state, each, detail]) =>
      `<li class="tile ${state}"><strong>${number.format(each)}</strong><span class="state">${state}</span><span class="meaning">${escapeHtml(detail || stateMeanings[state])}</span></li>`,
  );
  return `<ul class="tiles">${items.join('')}</ul>`;
}

function runFacts(run: NonNullable<Report['run']>, scope: Report['scope']): string {
  const { unchanged } = run.outcomes;
  const still = Object.entries(run.unchanged)
    .filter(([, each]) => each > 0)
    .map(([status, each]) => `${number.format(each)} ${status}`)
    .join(', ');
  const facts: [string, string | null][] = [
    ['run', run.run],
    ['started by', run.trigger],
    ['state', run.reason === null ? run.state : `${run.state} (${run.reason})`],
    ['started', time(run.startedAt)],
    ['ended', run.endedAt && time(run.endedAt)],
    ['people read', number.format(run.people)],
    ['unchanged', unchanged > 0 ? `${number.format(unchanged)}${still ? ` (${still})` : ''}` : null],
  ];
  const rows = facts
    .filter((fact): fact is [string, string] => fact[1] !== null)
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<section aria-labelledby="run-title">
<h2 id="run-title">${scope === 'run' ? 'The run' : 'The last run'}</h2>
<dl class="card facts">${rows.join('')}</dl>
</section>`;
}

function time(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
