import { lastWords } from '../ledger/last-words.js';
import type { Ledger } from '../ledger/ledger.js';
import type { DeliveryRow, PassedOver } from '../ledger/types.js';
import type { Clock } from '../lib/clock.js';
import type { RunDocument } from '../model/run.js';
import type { Report, ReportDelivery, ReportRow } from '../reports/report.js';

/** How far back to look for a run that read the whole directory: re-sends and refused runs may be in between. */
const RUNS = 200;

/**
 * What a report is made of. With a run: its deliveries, and whom it passed over. Without one: the last delivery of everybody,
 * whichever run that was of, and whom the last full run passed over, since "who has no mail, and why" is what one asks of
 * a campaign.
 */
export async function openReport(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
  { campaign, run: id }: { readonly campaign: string; readonly run?: string },
): Promise<Report> {
  const run = id === undefined ? await lastFullRun(ledger, campaign) : await ledger.run(id);
  const deliveries = id === undefined ? ledger.latest(campaign) : ledger.deliveries({ campaign, run: id });
  return {
    campaign,
    scope: id === undefined ? 'latest' : 'run',
    run,
    madeAt: clock.now(),
    rows: rowsOf(ledger, run, deliveries),
  };
}

async function lastFullRun(ledger: Ledger, campaign: string): Promise<RunDocument | undefined> {
  const runs = await ledger.runs(campaign, RUNS);
  const unfinished = ['planning', 'interrupted', 'refused'];
  return runs.find(({ trigger, state }) => trigger !== 'resend' && !unfinished.includes(state));
}

async function* rowsOf(
  ledger: Ledger,
  run: RunDocument | undefined,
  deliveries: AsyncIterable<readonly DeliveryRow[]>,
): AsyncGenerator<readonly ReportRow[]> {
  const passed = new Map<string, PassedOver>();
  if (run !== undefined)
    for await (const page of ledger.passedOver(run.run))
      for (const each of page) passed.set(each.person, each);

  for await (const page of deliveries) {
    yield page.map((row): ReportRow => {
      const passedOver = refusal(passed.get(row.person));
      passed.delete(row.person);
      return { person: row.person, dn: row.dn, delivery: deliveryOf(row), passedOver };
    });
  }
  const others = [...passed.values()].sort((one, other) => (one.person < other.person ? -1 : 1));
  yield others.map((each) => ({
    person: each.person,
    dn: each.dn,
    delivery: undefined,
    passedOver: refusal(each),
  }));
}

function refusal(passed: PassedOver | undefined): ReportRow['passedOver'] {
  return passed && { outcome: passed.outcome, reason: passed.reason, code: passed.code };
}

function deliveryOf(row: DeliveryRow): ReportDelivery {
  const { delivery, run, sequence, status, detail, address, alias, pattern, attempts, queuedAt, changedAt } =
    row;
  return {
    delivery,
    run,
    sequence,
    status,
    detail: detail || undefined,
    address,
    alias,
    pattern,
    attempts,
    reply: lastWords(row),
    queuedAt,
    changedAt,
    history: row.history,
  };
}
