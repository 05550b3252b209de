import { stringify } from 'csv-stringify/sync';
import { defuse } from './defuse.js';
import type { Report, ReportRow } from './report.js';

const COLUMNS = [
  'person',
  'dn',
  'status',
  'detail',
  'outcome',
  'reason',
  'code',
  'address',
  'alias',
  'pattern',
  'attempts',
  'reply',
  'queuedAt',
  'changedAt',
  'run',
  'sequence',
  'delivery',
] as const;

type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** RFC 4180, in UTF-8, with a line of names at the top. Nothing in it starts a formula. */
export async function* csvReport({ rows }: Report): AsyncGenerator<string, void> {
  yield lines([[...COLUMNS]]);
  for await (const page of rows) {
    yield lines(
      page.map((row) => {
        const cells = cellsOf(row);
        return COLUMNS.map((column) => defuse(cells[column]));
      }),
    );
  }
}

function lines(rows: string[][]): string {
  // By itself it quotes a cell that has the whole record delimiter in it, but not one with half of it.
  return stringify(rows, { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
}

function cellsOf({ person, dn, delivery, passedOver }: ReportRow): Cells {
  return {
    person,
    dn,
    status: delivery?.status ?? '',
    detail: delivery?.detail ?? '',
    outcome: passedOver?.outcome ?? '',
    reason: passedOver?.reason ?? '',
    code: passedOver?.code ?? '',
    address: delivery?.address ?? '',
    alias: delivery?.alias ?? '',
    pattern: delivery?.pattern ?? '',
    attempts: delivery ? String(delivery.attempts) : '',
    reply: delivery?.reply ?? '',
    queuedAt: delivery ? new Date(delivery.queuedAt).toISOString() : '',
    changedAt: delivery ? new Date(delivery.changedAt).toISOString() : '',
    run: delivery?.run ?? '',
    sequence: delivery ? String(delivery.sequence) : '',
    delivery: delivery?.delivery ?? '',
  };
}
