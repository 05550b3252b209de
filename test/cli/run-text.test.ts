import { expect, test } from 'vitest';
import { createPaint } from '../../src/cli/paint.js';
import { runText } from '../../src/cli/run-text.js';
import type { RunDocument } from '../../src/model/run.js';
import { deliveryStatuses } from '../../src/model/status.js';

const plain = createPaint({}, {});
const none = Object.fromEntries(deliveryStatuses.map((status) => [status, 0])) as RunDocument['counts']; // each status is a key
const run: RunDocument = {
  run: '20261122-023000-abcdef',
  campaign: 'pexip',
  trigger: 'manual',
  state: 'done',
  people: 2,
  outcomes: { unchanged: 0, skipped: 0, conflict: 0 },
  counts: { ...none, sent: 2 },
  skipped: {},
  unchanged: {},
  startedAt: '2026-11-22T02:30:00.000Z',
  endedAt: '2026-11-22T02:30:01.000Z',
  reason: null,
  actor: null,
};

test('a run in which all went well is a table and no more', () => {
  expect(runText(run, plain)).not.toContain('rollcall report');
});

test.each(['failed', 'expired', 'uncertain', 'bounced'] as const)(
  'a run with somebody %s says how to learn who and why',
  (status) => {
    const text = runText({ ...run, counts: { ...none, sent: 1, [status]: 1 } }, plain);
    expect(text).toContain('rollcall report pexip --run 20261122-023000-abcdef --format html');
  },
);

test.each([
  ['of its own', { counts: { ...none, queued: 2 }, state: 'running' as const }],
  ['of an earlier run', { unchanged: { queued: 2 }, outcomes: { ...run.outcomes, unchanged: 2 } }],
])('a run that leaves deliveries %s in the queue says what sends them', (_, more) => {
  expect(runText({ ...run, ...more }, plain)).toContain(
    'goes out while "rollcall start" or "rollcall work" runs',
  );
  expect(runText({ ...run, ...more, state: 'paused' }, plain)).not.toContain('goes out');
});
