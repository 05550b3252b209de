import type { RunDocument } from '../../src/model/run.js';
import { type DeliveryStatus, emptyCounts } from '../../src/model/status.js';
import type { Report, ReportChange, ReportRow } from '../../src/reports/report.js';

const START = Date.UTC(2026, 4, 4, 2, 30);

const RUN: RunDocument = {
  run: 'run-1',
  campaign: 'onboarding',
  trigger: 'schedule',
  state: 'done',
  people: 2,
  outcomes: { unchanged: 1, skipped: 1, conflict: 0 },
  counts: emptyCounts(),
  skipped: { disabled: 1 },
  unchanged: { sent: 1 },
  startedAt: new Date(START).toISOString(),
  endedAt: null,
  reason: null,
  actor: null,
};

export function reportOf(rows: readonly ReportRow[], more: Partial<Report> = {}): Report {
  async function* pages() {
    for (let at = 0; at < rows.length; at += 500) yield rows.slice(at, at + 500);
  }
  return { campaign: 'onboarding', scope: 'latest', run: RUN, madeAt: START, rows: pages(), ...more };
}

/** A person with a delivery that ended in this status. */
export function delivered(
  name: string,
  status: DeliveryStatus,
  more: Partial<NonNullable<ReportRow['delivery']>> = {},
): ReportRow {
  const queuedAt = START;
  const changedAt = START + 60_000;
  return {
    person: `id-${name}`,
    dn: `uid=${name},ou=people,dc=corp,dc=example`,
    passedOver: undefined,
    delivery: {
      delivery: `delivery-${name}`,
      run: 'run-1',
      sequence: 1,
      status,
      detail: undefined,
      address: `${name}@corp.example`,
      alias: `${name}@vc.corp.example`,
      pattern: 'staff',
      attempts: 1,
      reply: '250 2.0.0 Ok: queued as 4F',
      queuedAt,
      changedAt,
      history: [
        { at: queuedAt, from: undefined, to: 'queued' },
        { at: changedAt, from: 'queued', to: status },
      ],
      ...more,
    },
  };
}

export function passedOver(name: string, reason: string, code?: string): ReportRow {
  return {
    person: `id-${name}`,
    dn: `uid=${name},ou=people,dc=corp,dc=example`,
    delivery: undefined,
    passedOver: { outcome: 'skipped', reason, code },
  };
}

/** A night with a bit of everything: most are sent, some later, some never. */
export function aNight(people: number): ReportRow[] {
  return Array.from({ length: people }, (_, index) => {
    const name = `p${String(index).padStart(6, '0')}`;
    if (index % 97 === 5) return passedOver(name, 'disabled');
    if (index % 211 === 7) return passedOver(name, 'unusable', 'ROLLCALL_ERR_UNDEFINED_VARIABLE');
    if (index % 499 === 9)
      return {
        ...passedOver(name, ''),
        passedOver: { outcome: 'conflict', reason: 'two people, one alias', code: undefined },
      };
    const at = START + 2_000 + Math.floor(index / 50) * 1_000;
    const begun: ReportChange[] = [
      { at: START + Math.floor(index / 10), from: undefined, to: 'queued' },
      { at, from: 'queued', to: 'sending' },
    ];
    const end = (status: DeliveryStatus, after: number, reply: string, history = begun) =>
      delivered(name, status, {
        reply,
        changedAt: at + after,
        history: [...history, { at: at + after, from: history.at(-1)?.to, to: status }],
      });
    if (index % 301 === 11) return end('failed', 400, '550 5.1.1 No such user here');
    if (index % 733 === 12) return end('uncertain', 30_000, 'connection lost after the final dot');
    if (index % 61 === 13) {
      const later: ReportChange[] = [...begun, { at: at + 300, from: 'sending', to: 'deferred' }];
      return end(
        index % 5 === 0 ? 'deferred' : 'sent',
        90_000,
        '451 4.7.1 Greylisted, come back later',
        later,
      );
    }
    return end('sent', 300, `250 2.0.0 Ok: queued as ${(index * 7919).toString(16).toUpperCase()}`);
  });
}
