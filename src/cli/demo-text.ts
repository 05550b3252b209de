import type { RunDocument } from '../model/run.js';
import { deliveryStatuses } from '../model/status.js';
import type { Paint } from './paint.js';
import { runText } from './run-text.js';
import { facts } from './table.js';

export interface DemoPlaces {
  readonly mails: string;
  readonly summary: string;
  readonly settings: string;
}

/** What the demo did, where to look at it, and what to try next. */
export function demoText(run: RunDocument, { mails, summary, settings }: DemoPlaces, paint: Paint): string {
  const written = deliveryStatuses.some((status) => run.counts[status] > 0);
  const places = facts([
    ['mails', `${mails}/*.eml`],
    ['summary', summary],
    ['settings', settings],
  ]);
  const next = written
    ? ['Run it again: everybody is unchanged, and nobody gets a second mail.']
    : [
        'Nothing was sent: everybody is unchanged since the last demo.',
        `To start afresh: ${paint('bold', 'npm run demo -- --fresh')}`,
      ];
  return [runText(run, paint), places, next.join('\n')].join('\n\n');
}
