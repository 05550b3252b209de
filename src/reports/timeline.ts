import type { DeliveryStatus } from '../model/status.js';
import type { ReportChange } from './report.js';

/** What a chart tells apart. `stopped`: Rollcall or an admin decided that it is not sent. */
export type Group = 'sent' | 'deferred' | 'failed' | 'stopped';

const GROUPS: Readonly<Record<DeliveryStatus, Group | undefined>> = {
  queued: undefined,
  sending: undefined,
  sent: 'sent',
  delivered: 'sent',
  deferred: 'deferred',
  failed: 'failed',
  uncertain: 'failed',
  expired: 'failed',
  bounced: 'failed',
  suppressed: 'stopped',
  cancelled: 'stopped',
};

/** How many deliveries there were of each kind at an instant. */
export interface Moment extends Readonly<Record<Group, number>> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** All that were planned by then. */
  readonly planned: number;
}

const DELTAS = ['planned', 'sent', 'deferred', 'failed', 'stopped'] as const;

/** The run over time, from the changes of every delivery. */
export function createTimeline() {
  const times: number[] = [];
  /** Which of {@link DELTAS}, from 1 on, with its sign: a number a change, since there may be half a million. */
  const changes: number[] = [];
  const push = (at: number, delta: number) => {
    times.push(at);
    changes.push(delta);
  };

  return {
    add(history: readonly ReportChange[]): void {
      for (const { at, from, to } of history) {
        if (from === undefined) push(at, 1);
        const [before, after] = [from && GROUPS[from], GROUPS[to]];
        if (before === after) continue;
        if (before) push(at, -(DELTAS.indexOf(before) + 1));
        if (after) push(at, DELTAS.indexOf(after) + 1);
      }
    },

    /** At most so many moments, at equal distances from the first change to the last; none where nothing happened. */
    moments(most: number): Moment[] {
      const order = Array.from(times, (_, index) => index).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
      const start = times[order[0] ?? -1];
      const end = times[order.at(-1) ?? -1];
      if (start === undefined || end === undefined) return [];
      const steps = end === start ? 1 : most - 1;
      const state = { planned: 0, sent: 0, deferred: 0, failed: 0, stopped: 0 };
      const moments: Moment[] = [];
      let next = 0;
      for (let step = 0; step <= steps; step += 1) {
        const at = start + ((end - start) * step) / steps;
        for (; next < order.length && (times[order[next] ?? 0] ?? 0) <= at; next += 1) {
          const change = changes[order[next] ?? 0] ?? 0;
          const name = DELTAS[Math.abs(change) - 1];
          if (name) state[name] += Math.sign(change);
        }
        moments.push({ at, ...state });
      }
      return moments;
    },
  };
}
