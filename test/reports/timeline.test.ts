import { expect, test } from 'vitest';
import { ticksBetween } from '../../src/reports/ticks.js';
import { createTimeline } from '../../src/reports/timeline.js';
import { aNight } from './support.js';

test('ends with as many of each kind as there are deliveries', () => {
  const rows = aNight(3_000).flatMap(({ delivery }) => (delivery ? [delivery] : []));
  const timeline = createTimeline();
  for (const { history } of rows) timeline.add(history);
  const moments = timeline.moments(100);
  const having = (...statuses: string[]) => rows.filter(({ status }) => statuses.includes(status)).length;
  expect(moments.length).toBe(100);
  expect(moments.at(-1)).toMatchObject({
    planned: rows.length,
    sent: having('sent'),
    deferred: having('deferred'),
    failed: having('failed', 'uncertain'),
    stopped: 0,
  });
});

test('takes a bounce back out of what was sent', () => {
  const timeline = createTimeline();
  timeline.add([
    { at: 0, from: undefined, to: 'queued' },
    { at: 10, from: 'queued', to: 'sent' },
    { at: 15, from: 'sent', to: 'sent' },
    { at: 20, from: 'sent', to: 'bounced' },
  ]);
  expect(timeline.moments(3).map(({ sent, failed }) => [sent, failed])).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(createTimeline().moments(3)).toEqual([]);
});

test.each([0, 800, 5_000, 3_600_000, 86_400_000 * 3, 86_400_000 * 900, 86_400_000 * 9_000])(
  'marks a time of %i ms with one to six round times within it',
  (length) => {
    const start = Date.UTC(2026, 4, 4, 2, 30, 7, 123);
    const ticks = ticksBetween(start, start + length);
    expect(ticks.length).toBeGreaterThanOrEqual(1);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every(({ at }) => at >= start && at <= start + length)).toBe(true);
    expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
  },
);
