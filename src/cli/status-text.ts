import { deliveryStatuses } from '../model/status.js';
import type { CampaignStatus } from '../steering/status.js';
import type { Paint } from './paint.js';
import { runText } from './run-text.js';
import { facts, table } from './table.js';

/** Campaigns for people: one in full, several as a table. */
export function statusText(campaigns: readonly CampaignStatus[], paint: Paint): string {
  const [only] = campaigns;
  if (only === undefined) return 'No campaigns yet: put a file into paths.jobs, and "rollcall run" it.';
  const body = campaigns.length === 1 ? oneText(only, paint) : manyText(campaigns);
  const warnings = [
    ...new Set(
      campaigns.flatMap(({ relay }) =>
        relay
          ? [
              `The relay is down since ${relay.downSince}: ${relay.reason.replace(/\.$/, '')}. Tried again at ${relay.nextTry}.`,
            ]
          : [],
      ),
    ),
    ...campaigns.flatMap(({ disagreements }) => disagreements),
  ];
  return [body, ...warnings.map((warning) => paint('yellow', warning))].join('\n\n');
}

function oneText({ campaign, hold, nextRun, lastRun, counts }: CampaignStatus, paint: Paint): string {
  const held = deliveryStatuses.filter((status) => counts[status] > 0);
  return [
    facts([
      ['campaign', paint('bold', campaign)],
      ['paused', hold ? `since ${hold.since} by ${hold.by}${hold.reason ? `: ${hold.reason}` : ''}` : 'no'],
      ['next run', nextRun ?? 'none (schedules begin with "rollcall start")'],
    ]),
    held.length === 0
      ? 'Nobody has been written to yet.'
      : table(
          [{ title: 'latest delivery' }, { title: 'people', align: 'right' }],
          held.map((status) => [status, String(counts[status])]),
        ),
    lastRun === null ? 'No run yet.' : runText(lastRun, paint),
  ].join('\n\n');
}

function manyText(campaigns: readonly CampaignStatus[]): string {
  const shown = deliveryStatuses.filter((status) => campaigns.some(({ counts }) => counts[status] > 0));
  return table(
    [
      { title: 'campaign' },
      { title: 'last run' },
      { title: 'next run' },
      ...shown.map((title) => ({ title, align: 'right' as const })),
    ],
    campaigns.map(({ campaign, paused, lastRun, nextRun, counts }) => [
      campaign,
      paused ? 'paused' : lastRun === null ? 'none' : `${lastRun.state} ${lastRun.startedAt}`,
      nextRun ?? '–',
      ...shown.map((status) => String(counts[status])),
    ]),
  );
}
