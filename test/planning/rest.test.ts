import { expect, test } from 'vitest';
import type { RunDocument, RunState } from '../../src/model/run.js';
import { emptyCounts } from '../../src/model/status.js';
import { isAtRest } from '../../src/planning/rest.js';

const NOW = Date.parse('2027-01-02T02:30:00Z');
const MINUTE = 60_000;

function run(state: RunState, more: { minutesAgo?: number; ended?: boolean; sending?: number }): RunDocument {
  const { minutesAgo = 1, ended = false, sending = 0 } = more;
  return {
    run: 'r',
    campaign: 'c',
    trigger: 'schedule',
    state,
    people: 0,
    outcomes: { unchanged: 0, skipped: 0, conflict: 0 },
    counts: { ...emptyCounts(), sending },
    skipped: {},
    unchanged: {},
    startedAt: new Date(NOW - minutesAgo * MINUTE).toISOString(),
    endedAt: ended ? new Date(NOW).toISOString() : null,
    reason: null,
    actor: null,
  };
}

test.each<[RunState, Parameters<typeof run>[1], boolean]>([
  ['done', { ended: true }, true],
  ['refused', { ended: true }, true],
  ['paused', {}, true],
  ['paused', { sending: 1 }, false],
  ['cancelled', { sending: 1 }, false],
  ['cancelled', {}, true],
  // Another planner may go on with it.
  ['interrupted', {}, false],
  ['interrupted', { ended: true }, true],
  ['interrupted', { minutesAgo: 61 }, true],
  ['running', { minutesAgo: 59 }, false],
  ['running', { minutesAgo: 61 }, true],
  ['planning', {}, false],
])('a run that is %s, %j: at rest is %s', (state, more, expected) => {
  expect(isAtRest(run(state, more), NOW)).toBe(expected);
});
