import type { Why } from '../steering/why.js';
import type { Paint } from './paint.js';
import { facts, table } from './table.js';

/** One screen that answers why somebody got a mail, or none. */
export function whyText(answer: Why, paint: Paint): string {
  const { campaign, asked, person, assignment, skipped, suppressed, paused, deliveries, next } = answer;
  const about = facts([
    ['campaign', campaign],
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
        ? `since ${paused.since} by ${paused.by}${paused.reason ? `: ${paused.reason}` : ''}`
        : undefined,
    ],
  ]);
  const history = deliveries.flatMap(({ sequence, run, history: lines }) =>
    lines.map(({ at, to, note }) => [String(sequence), new Date(at).toISOString(), to, note, run]),
  );
  const written =
    history.length === 0
      ? 'Never written to.'
      : table(
          [
            { title: '#', align: 'right' },
            { title: 'when' },
            { title: 'status' },
            { title: 'note' },
            { title: 'run' },
          ],
          history,
        );
  return [about, written, `${paint('bold', 'next')}  ${next}`].join('\n\n');
}
