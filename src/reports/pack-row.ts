import type { Report, ReportRow } from './report.js';
import { stateOf } from './states.js';

/*
 * Forty thousand people are in one file: a row is an array, times are seconds, and what many rows share (the end of the DN,
 * the run, the pattern, the state, the reason) is a number, a place in one of the lists that follow the rows.
 */

/** In the order in which page/table.js reads them. */
type PackedRow = readonly (string | number)[];

export function createRowPacker(scope: Report['scope']) {
  const bases = createList();
  const states = createList();
  const reasons = createList();
  const patterns = createList();
  const runs = createList();
  const replies = createList();
  return {
    pack(row: ReportRow): PackedRow {
      const { person, dn, delivery, passedOver } = row;
      const [name, base] = splitDn(dn);
      const since = delivery && passedOver ? `${passedOver.outcome}, ${why(passedOver)}` : '';
      return [
        person,
        name,
        bases.place(base),
        states.place(stateOf(row)),
        reasons.place(delivery ? (delivery.detail ?? '') : passedOver ? why(passedOver) : ''),
        delivery?.address ?? '',
        delivery?.alias ?? '',
        patterns.place(delivery?.pattern ?? ''),
        delivery?.attempts ?? 0,
        delivery ? Math.floor(delivery.changedAt / 1000) : 0,
        replies.place(delivery?.reply ?? ''),
        delivery?.sequence ?? 0,
        delivery?.delivery ?? '',
        runs.place(scope === 'latest' ? (delivery?.run ?? '') : ''),
        reasons.place(since),
      ];
    },
    lists: () => ({
      bases: bases.all,
      states: states.all,
      reasons: reasons.all,
      patterns: patterns.all,
      replies: replies.all,
      runs: runs.all,
    }),
  };
}

function why({ reason, code }: { reason: string; code: string | undefined }): string {
  return code === undefined ? reason : `${reason}: ${code}`;
}

/** The first part of a DN, and the rest with its comma. A comma behind a backslash is part of the name (RFC 4514 §2.4). */
function splitDn(dn: string): [name: string, base: string] {
  const comma = /^(?:[^,\\]|\\.)*,/s.exec(dn)?.[0].length;
  return comma === undefined ? [dn, ''] : [dn.slice(0, comma - 1), dn.slice(comma - 1)];
}

function createList() {
  const all: string[] = [];
  const places = new Map<string, number>();
  return {
    all,
    place(text: string): number {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, all.length);
      return all.push(text) - 1;
    },
  };
}
