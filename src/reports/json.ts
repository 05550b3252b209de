import type { Report, ReportRow } from './report.js';
import { count, createTally } from './tally.js';

/**
 * One document, a line a person: `{"campaign","scope","run","people":[…],"counts","skipped","conflict"}`. The counts
 * come last, being those of the very people above them.
 */
export async function* jsonReport({ campaign, scope, run, rows }: Report): AsyncGenerator<string, void> {
  const head = JSON.stringify({ campaign, scope, run: run ?? null }).slice(0, -1);
  yield `${head},"people":[`;
  const tally = createTally();
  let separator = '\n';
  for await (const page of rows) {
    let text = '';
    for (const row of page) {
      count(tally, row);
      text += `${separator}${JSON.stringify(personOf(row))}`;
      separator = ',\n';
    }
    yield text;
  }
  const { counts, conflict } = tally;
  // The reasons in the order of the alphabet, and not in the one in which they came up.
  const skipped = Object.fromEntries(Object.entries(tally.skipped).sort(([a], [b]) => (a < b ? -1 : 1)));
  yield `\n],${JSON.stringify({ counts, skipped, conflict }).slice(1)}\n`;
}

function personOf({ person, dn, delivery, passedOver }: ReportRow) {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    person,
    dn,
    delivery: delivery
      ? {
          delivery: delivery.delivery,
          run: delivery.run,
          sequence: delivery.sequence,
          status: delivery.status,
          detail: delivery.detail ?? null,
          address: delivery.address,
          alias: delivery.alias,
          pattern: delivery.pattern,
          attempts: delivery.attempts,
          reply: delivery.reply ?? null,
          queuedAt: iso(delivery.queuedAt),
          changedAt: iso(delivery.changedAt),
          history: delivery.history.map(({ at, to }) => ({ at: iso(at), status: to })),
        }
      : null,
    passedOver: passedOver
      ? { outcome: passedOver.outcome, reason: passedOver.reason, code: passedOver.code ?? null }
      : null,
  };
}
