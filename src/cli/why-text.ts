import { isFinal } from '../model/status.js';
import type { Why } from '../steering/why.js';
import type { Colour, Paint } from './paint.js';
import { facts } from './table.js';

type Delivery = Why['deliveries'][number];

/** So many deliveries are told in full, and of each so many lines: what is older fits on a line. */
const IN_FULL = 3;
const FIRST_LINES = 2;
const LAST_LINES = 6;

/** One screen that answers why somebody got a mail, or none. */
export function whyText(answer: Why, paint: Paint): string {
  const { campaign, asked, person, assignment, skipped, suppressed, paused, deliveries, next } = answer;
  const about = facts([
    ['campaign', paint('bold', campaign)],
    [
      'person',
      person ? `${person.id} (${person.account})` : `nobody called "${asked}" is read by this campaign`,
    ],
    ['dn', person?.dn],
    ['pattern', assignment?.pattern],
    ['alias', assignment?.alias],
    ['to', assignment ? `${assignment.to}${suppressed ? ', which is suppressed' : ''}` : undefined],
    ['subject', assignment?.subject],
    [
      'skipped',
      skipped ? [skipped.reason, skipped.code, skipped.detail].filter(Boolean).join(', ') : undefined,
    ],
    [
      'paused',
      paused
        ? paint('yellow', `since ${paused.since} by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}`)
        : undefined,
    ],
  ]);
  const written =
    deliveries.length === 0
      ? ['Never written to.']
      : deliveries.map((delivery, index) =>
          index < IN_FULL ? deliveryText(delivery, paint) : headOf(delivery, paint),
        );
  return [about, ...written, `${paint('bold', 'next')}  ${next}`].join('\n\n');
}

function headOf({ sequence, status, address, run }: Delivery, paint: Paint): string {
  return `${paint('bold', `#${sequence}`)} ${paint(colourOf(status), status)}, to ${address}, run ${run}`;
}

/** The head, and below it what became of it, the oldest first; of a long story the beginning and the end. */
function deliveryText(delivery: Delivery, paint: Paint): string {
  const { history } = delivery;
  const lines = history.map(
    ({ at, to, note }) => `   ${paint('dim', timeOf(at))}  ${to.padEnd('suppressed'.length)}  ${note}`,
  );
  const left = lines.length - FIRST_LINES - LAST_LINES;
  const shown =
    left > 1 ? [...lines.slice(0, FIRST_LINES), `   … ${left} more …`, ...lines.slice(-LAST_LINES)] : lines;
  return [headOf(delivery, paint), ...shown].join('\n');
}

function colourOf(status: Delivery['status']): Colour {
  if (status === 'sent' || status === 'delivered') return 'green';
  return isFinal(status) && status !== 'cancelled' ? 'red' : 'yellow';
}

const timeOf = (at: number) => new Date(at).toISOString().replace('T', ' ').replace(/\.\d+/, '');
